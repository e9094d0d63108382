/** Browsers heed it on https and on this machine only, and complain of it elsewhere. */
export const openerPolicy = { 'Cross-Origin-Opener-Policy': 'same-origin' } as const;

/** What every answer says to browsers, static files included (ASVS 3.4). Content policy is Kit's, in svelte.config.js. */
export const securityHeaders = {
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
	'Referrer-Policy': 'same-origin'
} as const;
