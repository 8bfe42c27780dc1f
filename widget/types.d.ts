// Written in by build.ts: the name and hash of each chunk.
declare const AUTO_CHUNK: string;
declare const THREAD_CHUNK: string;
declare const MENU_CHUNK: string;
declare const MASTODON_CHUNK: string;
declare const SHARE_CHUNK: string;
declare const COMPOSER_CHUNK: string;
declare const POSTING_CHUNK: string;
declare const TOOLS_CHUNK: string;
declare const PREVIEW_CHUNK: string;
declare const MENTIONS_CHUNK: string;
declare const LISTS_CHUNK: string;
declare const QUOTING_CHUNK: string;
declare const ACCOUNT_CHUNK: string;
declare const ME_CHUNK: string;
declare const PERMALINKS_CHUNK: string;
declare const MUTING_CHUNK: string;
declare const STAFF_CHUNK: string;
declare const SHARING_CHUNK: string;
declare const NEWS_CHUNK: string;
declare const SIGNING_CHUNK: string;
declare const SIGNIN_CHUNK: string;
declare const ACTING_CHUNK: string;
declare const REPORT_CHUNK: string;
declare const SEARCH_CHUNK: string;
// Written in by build.ts: the languages that there are ("de|fr"), and what follows each in the name of its chunk.
declare const LANGUAGES: string;
declare const LANGUAGES_HASH: string;
