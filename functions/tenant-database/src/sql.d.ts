/** The text of a `.sql` file: by esbuild's text loader in the bundle, by `test/support/sql-transform.js` in jest. */
declare module "*.sql" {
  const text: string;
  export default text;
}
