console.debug(THREAD_CHUNK, SHARE_CHUNK);
