/** How a request reached the server, as far as the launcher knows. */
export interface RequestSource {
	/** Scheme and host as seen by the browser. */
	readonly origin: string;
	readonly address: string;
}

/** The connection on which a request arrived. */
export interface Connection {
	/** Address of the other end, which may be a proxy. */
	readonly peer: string;
	readonly httpVersion: string;
}

/** Where a request comes from according to the browser: this server's own pages, another site, or unknown. */
export type Sender = 'own' | 'foreign' | 'unknown';

const originPattern = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\,]+$/i;

/** Normalizes an origin as browsers do: lower case, no default port, short IPv6. Null for anything else. */
export function normalizeOrigin(text: string): string | null {
	const origin = text.trim().replace(/^ws(s?):/i, 'http$1:');
	return originPattern.test(origin) && URL.canParse(origin) ? new URL(origin).origin : null;
}

const isOwnOrigin = (origin: string, own: string): boolean => {
	const normalized = normalizeOrigin(origin);
	return normalized !== null && normalized !== 'null' && normalized === normalizeOrigin(own);
};

/**
 * The one origin check for HTTP and websockets. Scripts cannot set either header, so `Sec-Fetch-Site: same-origin` is enough
 * even if a proxy hides our real host or a referrer policy turns Origin into `null`.
 */
export function classifySender(headers: Headers, ownOrigin: string): Sender {
	const site = headers.get('sec-fetch-site')?.trim().toLowerCase();
	if (site === 'same-origin') return 'own';
	if (site !== undefined && site !== 'none') return 'foreign';
	const origin = headers.get('origin');
	if (origin !== null) return isOwnOrigin(origin, ownOrigin) ? 'own' : 'foreign';
	return site === 'none' ? 'own' : 'unknown';
}

/** Whether another site loads this as an image, frame, script or prefetch: anything but a visible navigation. */
export const isEmbeddedElsewhere = (headers: Headers, ownOrigin: string): boolean =>
	classifySender(headers, ownOrigin) === 'foreign' &&
	headers.get('sec-fetch-dest')?.trim().toLowerCase() !== 'document';
