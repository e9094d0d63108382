import { z } from 'zod';

/** How a session proves who its user is. API keys don't expire by themselves. */
export type AuthMethod =
	| { readonly type: 'jwt'; readonly accessToken: string; readonly userId: string; readonly email: string }
	| { readonly type: 'api_key'; readonly key: string; readonly name?: string };

/** A sign-in to one server. */
export interface Session {
	readonly serverUrl: string;
	readonly auth: AuthMethod;
	/** RFC 3339. */
	readonly createdAt: string;
}

const text = z.string().min(1);
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const AuthOnDisk = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('jwt'),
		jwt: z.object({ access_token: text, user_id: z.string(), email: z.string() })
	}),
	z.object({
		type: z.literal('api_key'),
		api_key: z.object({ key: text, name: z.string().nullish() })
	})
]);
const AuthInMemory = z.discriminatedUnion('type', [
	z.object({ type: z.literal('jwt'), accessToken: text, userId: z.string(), email: z.string() }),
	z.object({ type: z.literal('api_key'), key: text, name: z.string().exactOptional() })
]);

/** The authentication method as OCaml's `Immich_auth.Session` writes it, and in memory. */
export const authCodec = z.codec(AuthOnDisk, AuthInMemory, {
	decode: (auth): z.output<typeof AuthInMemory> => {
		if (auth.type === 'jwt') {
			const { access_token: accessToken, user_id: userId, email } = auth.jwt;
			return { type: 'jwt', accessToken, userId, email };
		}
		const { key, name } = auth.api_key;
		return { type: 'api_key', key, ...(typeof name === 'string' && { name }) };
	},
	encode: (auth): z.output<typeof AuthOnDisk> => {
		if (auth.type === 'jwt')
			return { type: 'jwt', jwt: { access_token: auth.accessToken, user_id: auth.userId, email: auth.email } };
		return { type: 'api_key', api_key: { key: auth.key, ...(auth.name !== undefined && { name: auth.name }) } };
	}
});

const createdAt = z
	.string()
	.refine((moment) => rfc3339.test(moment) && !Number.isNaN(Date.parse(moment.toUpperCase())), {
		error: 'Invalid input: expected an RFC 3339 date-time'
	});

/** A whole session, as in `session.json` and in memory; unknown members of the file are dropped. */
export const sessionCodec = z.codec(
	z.object({ server_url: text, auth: authCodec, created_at: createdAt }),
	z.object({ serverUrl: text, auth: AuthInMemory, createdAt }),
	{
		decode: ({ server_url: serverUrl, auth, created_at }) => ({ serverUrl, auth, createdAt: created_at }),
		encode: (session) => ({ server_url: session.serverUrl, auth: session.auth, created_at: session.createdAt })
	}
);

/** The members at fault and what is wrong with each, without their values: those can be secret. */
export const describeIssues = (error: z.ZodError): string =>
	error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
