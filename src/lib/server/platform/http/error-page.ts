import template from '../../../../error.html?raw';
import type { AppError } from '../errors.ts';

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** What a reader can make of a status. */
const advice: Readonly<Record<number, string>> = {
	403: 'Your account is not allowed to open this page.',
	503: 'The server is busy or under maintenance. Please try again in a moment.'
};

/** A sentence for a reader, where the interface's is made for programs. */
const headings: Readonly<Record<string, string>> = {
	Forbidden: 'You do not have access to this page',
	'Cross-site request refused': 'This form came from another address'
};

/** Shows a refusal before any page has run: the same page that Kit falls back on, with the request's reference. */
export function errorPage({ status, message, details }: AppError, correlationId: string): Response {
	const values: Readonly<Record<string, string>> = {
		'%sveltekit.status%': String(status),
		'%sveltekit.error.message%': escape(headings[message] ?? message),
		'The server could not show this page just now.': escape(
			details.advice ?? advice[status] ?? 'This page cannot be shown.'
		),
		'<!-- reference -->': `Reference ${escape(correlationId)}`
	};
	const html = Object.entries(values).reduce((page, [place, value]) => page.replaceAll(place, () => value), template);
	const headers = {
		'content-type': 'text/html; charset=utf-8',
		'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
	};
	return new Response(html, { status, headers });
}
