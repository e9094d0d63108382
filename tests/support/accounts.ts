import { randomBytes, randomUUID } from 'node:crypto';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { AccessTokens, hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { guard } from './log-scan.ts';

/** The password of every user created here; its hash has bcrypt cost 10. */
export const password = guard('a password', 'correct horse battery');
const passwordHash = '$2b$10$W6/zKuDOy4qRAB2MBWxY6.3F/393n9WPZflz1d0MgH6l9xxn6IEaS';

/** The same password at the lowest cost, for tests that sign in dozens of times. */
export const cheapHash = '$2b$04$eWIzhCnf.6Yvr7HoerNvKuC7vRDeDPuXeHyzCpVy9g0PJ0md8P.I.';

type UserFields = Partial<
	Omit<Prisma.UserUncheckedCreateInput, 'clusterGroupId' | 'sessions' | 'apiKeys' | 'emailOrigin'>
>;
type StateFields = Partial<Omit<Prisma.PasswordStateUncheckedCreateInput, 'userId'>>;
type SessionFields = Partial<Omit<Prisma.SessionUncheckedCreateInput, 'userId' | 'token' | 'id'>>;

let made = 0;

/** The email source of a user; null for a user created by Immich. */
type EmailOrigin = 'admin' | 'provider' | 'mail' | 'self' | null;

/** Creates rows directly in the server's database. */
export class Accounts {
	readonly #prisma: PrismaClient;
	readonly #tokens: AccessTokens;
	/** The secret that the server signs tokens with. */
	readonly signingSecret: Uint8Array;

	constructor(prisma: PrismaClient, signingSecret: Uint8Array) {
		this.#prisma = prisma;
		this.signingSecret = signingSecret;
		this.#tokens = new AccessTokens(signingSecret);
	}

	/** Creates a user with the password `password` and no password change required. */
	async makeUser(fields: UserFields = {}, emailOrigin: EmailOrigin = 'admin') {
		const number = (made += 1);
		const { id: clusterGroupId } = await this.#prisma.clusterGroup.create({ data: {} });
		const email = fields.email ?? `person-${number}@example.test`;
		return this.#prisma.user.create({
			data: {
				email,
				name: `Person ${number}`,
				password: passwordHash,
				shouldChangePassword: false,
				...fields,
				...(emailOrigin !== null && { emailOrigin: { create: { email, origin: emailOrigin, since: new Date(0) } } }),
				clusterGroupId
			}
		});
	}

	makeAdmin(fields: UserFields = {}) {
		return this.makeUser({ isAdmin: true, ...fields });
	}

	/** Creates a session and returns its token. */
	async makeSession(userId: string, fields: SessionFields = {}): Promise<string> {
		const { token, tokenHash, sessionId } = await this.#tokens.issue(userId, null);
		await this.#prisma.session.create({ data: { ...fields, id: sessionId, userId, token: tokenHash } });
		return token;
	}

	/** Creates a user with a session. */
	async signIn(fields: UserFields = {}) {
		const user = await this.makeUser(fields);
		return { user, token: await this.makeSession(user.id) };
	}

	/** Creates an admin with a session. */
	signInAdmin(fields: UserFields = {}) {
		return this.signIn({ isAdmin: true, ...fields });
	}

	/** Creates an API key and returns its secret. */
	async makeApiKey(userId: string, permissions: readonly AnyPermission[] = ['all']) {
		const secret = randomBytes(32).toString('base64').replace(/\W/g, '');
		const data = { name: 'API Key', key: hashSecret(secret), userId, permissions: [...permissions] };
		await this.#prisma.apiKey.create({ data });
		return guard('an API key', secret);
	}

	/** Records who set a password, as an admin's reset does. */
	async setPasswordState(userId: string, fields: StateFields = {}) {
		const state = { setBy: randomUUID(), ...fields };
		await this.#prisma.passwordState.upsert({ where: { userId }, create: { userId, ...state }, update: state });
	}

	/** Reads a user's row with all columns. */
	findUser(id: string) {
		return this.#prisma.user.findUniqueOrThrow({ where: { id } });
	}

	countSessions(userId: string) {
		return this.#prisma.session.count({ where: { userId } });
	}
}
