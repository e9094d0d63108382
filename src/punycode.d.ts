/** The package has no types. The file is named because `punycode` alone is a deprecated module of Node. */
declare module 'punycode/punycode.js' {
	const punycode: { toUnicode(domain: string): string };
	export default punycode;
}
