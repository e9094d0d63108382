import { randomBytes, randomUUID } from 'node:crypto';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { AccessTokens, hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { guard } from './log-scan.ts';

/** The password of every account that is made here; its hash took a bcrypt of cost 10 once. */
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

/** Who vouches for the email of an account; null for an account made by Immich. */
type EmailOrigin = 'admin' | 'provider' | 'mail' | 'self' | null;

/** Makes rows beside the server, straight in its database. */
export class Accounts {
	readonly #prisma: PrismaClient;
	readonly #tokens: AccessTokens;
	/** What the server signs tokens with. */
	readonly signingSecret: Uint8Array;

	constructor(prisma: PrismaClient, signingSecret: Uint8Array) {
		this.#prisma = prisma;
		this.signingSecret = signingSecret;
		this.#tokens = new AccessTokens(signingSecret);
	}

	/** Makes a user whose password is `password` and who need not change it. */
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

	/** Makes a session and gives its token. */
	async makeSession(userId: string, fields: SessionFields = {}): Promise<string> {
		const { token, tokenHash, sessionId } = await this.#tokens.issue(userId, null);
		await this.#prisma.session.create({ data: { ...fields, id: sessionId, userId, token: tokenHash } });
		return token;
	}

	/** Makes a user with a session. */
	async signIn(fields: UserFields = {}) {
		const user = await this.makeUser(fields);
		return { user, token: await this.makeSession(user.id) };
	}

	/** Makes an administrator with a session. */
	signInAdmin(fields: UserFields = {}) {
		return this.signIn({ isAdmin: true, ...fields });
	}

	/** Makes an API key and gives its secret. */
	async makeApiKey(userId: string, permissions: readonly AnyPermission[] = ['all']) {
		const secret = randomBytes(32).toString('base64').replace(/\W/g, '');
		const data = { name: 'API Key', key: hashSecret(secret), userId, permissions: [...permissions] };
		await this.#prisma.apiKey.create({ data });
		return guard('an API key', secret);
	}

	/** Records who set a password, as an administrator's reset does. */
	async setPasswordState(userId: string, fields: StateFields = {}) {
		const state = { setBy: randomUUID(), ...fields };
		await this.#prisma.passwordState.upsert({ where: { userId }, create: { userId, ...state }, update: state });
	}

	/** Reads a user's row with all its columns. */
	findUser(id: string) {
		return this.#prisma.user.findUniqueOrThrow({ where: { id } });
	}

	countSessions(userId: string) {
		return this.#prisma.session.count({ where: { userId } });
	}
}
