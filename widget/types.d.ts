// Written in by build.ts.
declare const THREAD_CHUNK: string;
declare const SHARE_CHUNK: string;

declare module "*.css" {
  const text: string;
  export default text;
}
