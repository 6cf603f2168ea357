// Stands in for react-devtools-core in the bundle: Ink imports it for development only.

// biome-ignore lint/style/noDefaultExport: Ink imports the default
export default null;
