/** The world in tiles, made when the page is built; see world.ts. */
declare module 'virtual:world' {
  const address: string;
  export default address;
}
