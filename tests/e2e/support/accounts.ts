import type { BrowserContext } from 'playwright/test';
import { z } from 'zod';
import type { FreshServer } from '../../support/server.ts';
import { spoilPassword } from './passwords.ts';
import { addPhotos } from './photos.ts';

/** A user whose password the test knows. */
export interface TestUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

interface TestUserFields {
	readonly name?: string;
	readonly email?: string;
	readonly password?: string;
	readonly isAdmin?: boolean;
	/** Requires a password change at the next sign-in. */
	readonly shouldChangePassword?: boolean;
	readonly quotaSizeInBytes?: number;
	readonly storageLabel?: string;
}

interface Sent {
	readonly body?: unknown;
	readonly token?: string;
}

const Made = z.object({ id: z.string() });
const SignedIn = z.object({ accessToken: z.string(), userId: z.string() });
const Config = z.object({ isInitialized: z.boolean() });

/** The first admin of every test server. */
export const firstAdmin = { name: 'Ada Admin', email: 'ada@example.test', password: 'correct horse battery' };

let made = 0;

async function send(url: string, method: string, { body, token }: Sent = {}): Promise<Response> {
	const response = await fetch(url, {
		method,
		headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
		...(body !== undefined && { body: JSON.stringify(body) })
	});
	if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
	return response;
}

/** Creates users through the REST API, and puts sessions into browsers without the sign-in page. */
export class Seed {
	readonly admin: TestUser;
	readonly #server: FreshServer;
	readonly #token: string;

	private constructor(server: FreshServer, admin: TestUser, token: string) {
		this.#server = server;
		this.admin = admin;
		this.#token = token;
	}

	/** Creates the first admin unless a test has already done so. */
	static async create(server: FreshServer): Promise<Seed> {
		const { isInitialized } = Config.parse(await (await send(`${server.url}/api/server/config`, 'GET')).json());
		if (!isInitialized) await send(`${server.url}/api/auth/admin-sign-up`, 'POST', { body: firstAdmin });
		const signedIn = await send(`${server.url}/api/auth/login`, 'POST', { body: firstAdmin });
		const { accessToken, userId } = SignedIn.parse(await signedIn.json());
		return new Seed(server, { ...firstAdmin, id: userId }, accessToken);
	}

	/** Creates a user, by default without a required password change. */
	async makeUser(fields: TestUserFields = {}): Promise<TestUser> {
		made += 1;
		const person = {
			name: `Person ${made}`,
			email: `person-${made}@example.test`,
			password: 'a password to sign in with',
			shouldChangePassword: false,
			...fields
		};
		const { id } = Made.parse(await (await this.call('POST', '/admin/users', person)).json());
		return { ...person, id };
	}

	/** Calls the REST API as the admin. */
	call(method: string, path: string, body?: unknown): Promise<Response> {
		return send(`${this.#server.url}/api${path}`, method, { body, token: this.#token });
	}

	/** Sends a user a notification as the admin. */
	async notify({ id }: TestUser, fields: { title: string; description?: string; level?: string }): Promise<void> {
		await this.call('POST', '/admin/notifications', { userId: id, ...fields });
	}

	/** Adds photos to a user, with the number per upload day. */
	addPhotos({ id }: TestUser, days: Readonly<Record<string, number>>): Promise<void> {
		return addPhotos(this.#server.dataDir, id, days);
	}

	/** Removes a user's password, or lets it expire. */
	spoilPassword({ id }: TestUser, how: 'remove' | 'expire'): Promise<void> {
		return spoilPassword(this.#server.dataDir, id, how);
	}

	/** Ends all sessions of this user from elsewhere. */
	async endSessions({ id }: TestUser): Promise<void> {
		await this.call('DELETE', `/admin/users/${id}/sessions`);
	}

	/** Sends this many wrong passwords for this user. */
	async guess({ email }: TestUser, times: number): Promise<void> {
		const body = { email, password: 'wrong' };
		for (let guess = 0; guess < times; guess++)
			await send(`${this.#server.url}/api/auth/login`, 'POST', { body }).catch(() => undefined);
	}

	/** Starts a session of this user and returns its token. */
	async startSession({ email, password }: TestUser): Promise<string> {
		const signedIn = await send(`${this.#server.url}/api/auth/login`, 'POST', { body: { email, password } });
		return SignedIn.parse(await signedIn.json()).accessToken;
	}

	/** Signs a browser in, as the sign-in page does. */
	async signIn(context: BrowserContext, user: TestUser): Promise<void> {
		const shared = { url: this.#server.url, sameSite: 'Lax' } as const;
		await context.addCookies([
			{ ...shared, name: 'immich_access_token', value: await this.startSession(user), httpOnly: true },
			{ ...shared, name: 'immich_auth_type', value: 'password', httpOnly: true },
			{ ...shared, name: 'immich_is_authenticated', value: 'true' }
		]);
	}
}
