import { randomUUID } from 'node:crypto';
import type { Handle } from '@sveltejs/kit';
import type { Container } from '#lib/server/app/container.ts';
import { isApi } from '#lib/server/platform/http/route-operation.ts';
import { addToHead } from './page-head.ts';
import { openerPolicy, securityHeaders } from '#lib/server/platform/http/security-headers.ts';

const saneCorrelationId = /^[\w.:-]{1,100}$/;

/** RFC 9110 §9.2.1. */
const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Whether browsers consider an origin potentially trustworthy, as far as http and https go. */
const isTrustworthy = ({ protocol, hostname }: URL): boolean =>
	protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');

/** Gives each request its container and correlation ID, runs the next hook, and gives each response the common headers. */
export const createContext =
	(container: () => Container, next: Handle): Handle =>
	async ({ event, resolve }) => {
		const sent = event.request.headers.get('x-correlation-id') ?? '';
		const { locals } = event;
		locals.container = container();
		locals.correlationId = saneCorrelationId.test(sent) ? sent : randomUUID();
		locals.clientInfo = null;
		locals.auth = null;
		locals.operation = null;
		locals.version = null;
		locals.reauthorize = () => Promise.resolve();
		const startedAtMs = performance.now();
		const options = isApi(event) ? undefined : addToHead(event);
		const response = await next({ event, resolve: (resolved) => resolve(resolved, options) });
		locals.container.metrics.observeRequest(
			event.request.method,
			event.route.id,
			response.status,
			(performance.now() - startedAtMs) / 1_000
		);
		// A client that has received the response sees the change in its next request.
		if (!isSafe(event.request.method)) await locals.container.changes.catchUp();
		const headers = {
			...securityHeaders,
			...(isTrustworthy(event.url) ? openerPolicy : {}),
			'X-Correlation-ID': locals.correlationId,
			'x-immich-cid': locals.correlationId,
			// With `no-referrer`, a page's forms would be sent with `Origin: null`.
			'Referrer-Policy': isApi(event) ? 'no-referrer' : 'same-origin',
			...(event.url.protocol === 'https:' ? { 'Strict-Transport-Security': 'max-age=31536000' } : {})
		};
		for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
		if (response.status === 503 && !response.headers.has('retry-after')) response.headers.set('Retry-After', '5');
		if (!response.headers.has('cache-control')) response.headers.set('Cache-Control', 'no-store');
		return response;
	};
