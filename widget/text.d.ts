/** A style sheet that the bundler puts in as its text. */
declare module "*.css" {
  const text: string;
  export default text;
}
