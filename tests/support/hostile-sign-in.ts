import { expect } from 'vitest';
import { z } from 'zod';
import type { Api } from './api.ts';
import type { HostileProvider, Lies } from './hostile-provider.ts';
import type { Reply } from './http.ts';
import { begin } from './oauth.ts';
import { clientSecret } from './oidc.ts';

/** What is told to the caller, and what to the log. */
export interface Refused {
	readonly status?: number;
	readonly says?: RegExp;
	/** Stands as the reason in a line of the log that has the number of the answer. */
	readonly reason: RegExp;
}

/** Goes to the provider, which then lies, and sends what it led back with. */
export async function signInAtLiar(api: Api, provider: HostileProvider, lies: Lies): Promise<Reply> {
	const { url, cookie } = await begin(api);
	provider.lies = lies;
	provider.secrets.push(...cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)));
	return api.request('POST', '/api/oauth/callback', { body: { url: provider.comeBack(url) }, cookie });
}

/** Sees that a sign-in is refused, that nothing of it is left, and that the log tells why and gives nothing away. */
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

/** Counts what a sign-in makes; no way to a provider may be left. */
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

/** Waits for the line of the log that tells why, and looks for secrets in all of them. */
export async function expectLogged(api: Api, provider: HostileProvider, reply: Reply, reason: RegExp): Promise<void> {
	const correlationId = String(reply.headers['x-correlation-id']);
	const reasons = () => api.lines.filter((line) => line.includes(correlationId)).map(reasonOf);
	await expect.poll(() => reasons().join('\n')).toMatch(reason);
	const text = api.lines.join('\n');
	const secrets = [clientSecret, '@example.test', ...provider.secrets];
	expect(secrets.filter((secret) => secret !== '' && text.includes(secret))).toEqual([]);
}

const Line = z.looseObject({ reason: z.union([z.string(), z.looseObject({ message: z.string() })]) });

function reasonOf(line: string): string {
	const { reason } = Line.parse(JSON.parse(line));
	return typeof reason === 'string' ? reason : reason.message;
}
