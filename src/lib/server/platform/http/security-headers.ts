/** Browsers honor it only over HTTPS and on localhost, and warn about it elsewhere. */
export const openerPolicy = { 'Cross-Origin-Opener-Policy': 'same-origin' } as const;

/** Sent with every response, including static files (ASVS 3.4). SvelteKit sets the content security policy: svelte.config.js. */
export const securityHeaders = {
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
	'Referrer-Policy': 'same-origin'
} as const;
