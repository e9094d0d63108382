import { expect } from 'vitest';
import { z } from 'zod';
import type { Api } from './api.ts';
import type { HostileProvider, Lies } from './hostile-provider.ts';
import type { Reply } from './http.ts';
import { begin } from './oauth.ts';
import { clientSecret } from './oidc.ts';

/** The message for the caller, and the reason in the log. */
export interface Refused {
	readonly status?: number;
	readonly says?: RegExp;
	/** Must match the reason in the log line with the response's correlation ID. */
	readonly reason: RegExp;
}

/** Signs in at the provider, which then lies, and sends the callback. */
export async function signInAtLiar(api: Api, provider: HostileProvider, lies: Lies): Promise<Reply> {
	const { url, cookie } = await begin(api);
	provider.lies = lies;
	provider.secrets.push(...cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)));
	return api.request('POST', '/api/oauth/callback', { body: { url: provider.comeBack(url) }, cookie });
}

/** Expects that a sign-in is refused and leaves nothing behind, and that the log has the reason and no secrets. */
export async function expectRefused(
	api: Api,
	provider: HostileProvider,
	tries: () => Promise<Reply>,
	{ status = 500, says = /^Failed to finish oauth$/, reason }: Refused
): Promise<void> {
	const before = await countAll(api);
	const reply = await tries();
	expect([reply.status, reply.body]).toEqual([status, { message: expect.stringMatching(says) as unknown }]);
	expect(reply.cookies.filter((cookie) => cookie.startsWith('immich_access_token='))).toEqual([]);
	expect(await countAll(api)).toEqual(before);
	await expectLogged(api, provider, reply, reason);
}

/** Counts the rows that a sign-in creates, sign-in flows included. */
export async function countAll({ prisma }: Api) {
	const [users, sessions, identities, providerSessions, flows] = await Promise.all([
		prisma.user.findMany({ select: { id: true, email: true, oauthId: true, updateId: true }, orderBy: { id: 'asc' } }),
		prisma.session.count(),
		prisma.oAuthIdentity.count(),
		prisma.oAuthSession.count(),
		prisma.oAuthFlow.count()
	]);
	return { users, sessions, identities, providerSessions, flows };
}

/** Waits for the log line with the reason, and checks all lines for secrets. */
export async function expectLogged(api: Api, provider: HostileProvider, reply: Reply, reason: RegExp): Promise<void> {
	const correlationId = String(reply.headers['x-correlation-id']);
	const reasons = () => api.lines.filter((line) => line.includes(correlationId)).map(getReason);
	await expect.poll(() => reasons().join('\n')).toMatch(reason);
	const text = api.lines.join('\n');
	const secrets = [clientSecret, '@example.test', ...provider.secrets];
	expect(secrets.filter((secret) => secret !== '' && text.includes(secret))).toEqual([]);
}

const Line = z.looseObject({ reason: z.union([z.string(), z.looseObject({ message: z.string() })]) });

function getReason(line: string): string {
	const { reason } = Line.parse(JSON.parse(line));
	return typeof reason === 'string' ? reason : reason.message;
}
