// Written in by build.ts: the name and hash of each chunk.
declare const AUTO_CHUNK: string;
declare const THREAD_CHUNK: string;
declare const MASTODON_CHUNK: string;
declare const SHARE_CHUNK: string;
declare const REPORT_CHUNK: string;
