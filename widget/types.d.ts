// Written in by build.ts: the name and hash of each chunk.
declare const AUTO_CHUNK: string;
declare const THREAD_CHUNK: string;
declare const MENU_CHUNK: string;
declare const MASTODON_CHUNK: string;
declare const SHARE_CHUNK: string;
declare const COMPOSER_CHUNK: string;
declare const PERMALINKS_CHUNK: string;
declare const ACTING_CHUNK: string;
declare const REPORT_CHUNK: string;
declare const SEARCH_CHUNK: string;
