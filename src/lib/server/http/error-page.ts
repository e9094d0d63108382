import template from '../../../error.html?raw';

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** Shows a refusal before any page has run: the same page that Kit falls back on, with the request's reference. */
export function errorPage(status: number, message: string, correlationId: string): Response {
	const values: Readonly<Record<string, string>> = {
		'%sveltekit.status%': String(status),
		'%sveltekit.error.message%': escape(message),
		'<!-- reference -->': `Reference ${escape(correlationId)}`
	};
	const html = Object.entries(values).reduce((page, [place, value]) => page.replaceAll(place, () => value), template);
	const headers = {
		'content-type': 'text/html; charset=utf-8',
		'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
	};
	return new Response(html, { status, headers });
}
