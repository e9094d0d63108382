/** The package has no types. Imported by file path because `punycode` alone is Node's deprecated module. */
declare module 'punycode/punycode.js' {
	const punycode: { toUnicode(domain: string): string };
	export default punycode;
}
