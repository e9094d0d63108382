import template from '../../../../error.html?raw';
import type { AppError } from '../errors.ts';

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** Advice for users, by status. */
const advice: Readonly<Record<number, string>> = {
	403: 'Your account is not allowed to open this page.',
	503: 'The server is busy or under maintenance. Please try again in a moment.'
};

/** Headings for users in place of API messages meant for programs. */
const headings: Readonly<Record<string, string>> = {
	Forbidden: 'You do not have access to this page',
	'Cross-site request refused': 'This form came from another address'
};

/** Shows an error before any page has run: SvelteKit's fallback page with the correlation ID. */
export function errorPage({ status, message, details }: AppError, correlationId: string): Response {
	const values: Readonly<Record<string, string>> = {
		'%sveltekit.status%': String(status),
		'%sveltekit.error.message%': escape(headings[message] ?? message),
		'Something went wrong while loading this page.': escape(
			details.advice ?? advice[status] ?? 'This page cannot be shown.'
		),
		'<!-- reference -->': `Request ID ${escape(correlationId)}`
	};
	const html = Object.entries(values).reduce((page, [place, value]) => page.replaceAll(place, () => value), template);
	const headers = {
		'content-type': 'text/html; charset=utf-8',
		'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
	};
	return new Response(html, { status, headers });
}
