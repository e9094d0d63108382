import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { createSourceReader } from '../../../bin/request-source.ts';
import { createUntrustedReport } from '../../../bin/untrusted-report.ts';

const forwarded = { 'x-forwarded-for': '203.0.113.9' };

function reported(
	env: Record<string, string>,
	...requests: readonly [peer: string, headers: IncomingHttpHeaders][]
): unknown[] {
	const peers: unknown[] = [];
	const log = { warn: (entry: unknown) => peers.push(entry) };
	const read = createSourceReader(readEnv(env).trustedProxies, createUntrustedReport(log));
	for (const [remoteAddress, headers] of requests)
		read({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);
	return peers;
}

describe('a peer that sends X-Forwarded headers', () => {
	it.each([
		['203.0.113.5', '', true],
		['203.0.113.5', '203.0.113.0/24', false],
		['::ffff:203.0.113.5', '203.0.113.0/24', false],
		['10.0.0.2', '203.0.113.5', true],
		['127.0.0.1', '203.0.113.5', false],
		['127.9.9.9', 'linklocal', false],
		['::1', '203.0.113.5', false]
	])('%s with IMMICH_TRUSTED_PROXIES=%s: reported %s', (peer, trusted, isReported) => {
		expect(reported({ IMMICH_TRUSTED_PROXIES: trusted }, [peer, forwarded])).toHaveLength(isReported ? 1 : 0);
	});

	it.each(['127.0.0.1', '::1', '10.1.2.3', '172.17.0.1', '192.168.1.1', '169.254.1.1', 'fd00::1', 'fe80::1'])(
		'%s is trusted by default',
		(peer) => {
			expect(reported({}, [peer, forwarded])).toEqual([]);
		}
	);

	it('is logged once, and only if it sends such a header', () => {
		const peers = reported(
			{},
			['203.0.113.5', {}],
			['203.0.113.5', { 'x-forwarded-proto': 'https' }],
			['203.0.113.5', forwarded],
			['203.0.113.6', { 'x-forwarded-host': 'photos.example.test' }]
		);
		expect(peers).toEqual([{ peer: '203.0.113.5' }, { peer: '203.0.113.6' }]);
	});

	it('is not logged after ten others', () => {
		const many = Array.from(
			{ length: 50 },
			(_, n) => [`203.0.113.${String(n)}`, forwarded] as [string, IncomingHttpHeaders]
		);
		expect(reported({}, ...many)).toHaveLength(10);
	});
});
