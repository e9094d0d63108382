import type { BrowserContext } from 'playwright/test';
import { z } from 'zod';
import type { FreshServer } from '../../support/server.ts';
import { spoilPassword } from './passwords.ts';
import { addPhotos } from './photos.ts';

/** An account that a test knows the password of. */
export interface Person {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

interface PersonFields {
	readonly name?: string;
	readonly email?: string;
	readonly password?: string;
	readonly isAdmin?: boolean;
	/** Lets the person in only to the page where a new password is chosen. */
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

/** The administrator of every test server, once somebody has registered. */
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

/** Makes accounts by the REST interface, and puts sessions into browsers without the sign-in page. */
export class Seed {
	readonly admin: Person;
	readonly #server: FreshServer;
	readonly #token: string;

	private constructor(server: FreshServer, admin: Person, token: string) {
		this.#server = server;
		this.admin = admin;
		this.#token = token;
	}

	/** Registers the first administrator, where no test has done it yet. */
	static async plant(server: FreshServer): Promise<Seed> {
		const { isInitialized } = Config.parse(await (await send(`${server.url}/api/server/config`, 'GET')).json());
		if (!isInitialized) await send(`${server.url}/api/auth/admin-sign-up`, 'POST', { body: firstAdmin });
		const signedIn = await send(`${server.url}/api/auth/login`, 'POST', { body: firstAdmin });
		const { accessToken, userId } = SignedIn.parse(await signedIn.json());
		return new Seed(server, { ...firstAdmin, id: userId }, accessToken);
	}

	/** Makes an account; unless told otherwise its person need not change the password. */
	async makePerson(fields: PersonFields = {}): Promise<Person> {
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

	/** Calls the REST interface as the administrator. */
	call(method: string, path: string, body?: unknown): Promise<Response> {
		return send(`${this.#server.url}/api${path}`, method, { body, token: this.#token });
	}

	/** Sends a person a notification, as an administrator may. */
	async notify({ id }: Person, fields: { title: string; description?: string; level?: string }): Promise<void> {
		await this.call('POST', '/admin/notifications', { userId: id, ...fields });
	}

	/** Gives a person photos, so many by the day on which they came. */
	addPhotos({ id }: Person, days: Readonly<Record<string, number>>): Promise<void> {
		return addPhotos(this.#server.dataDir, id, days);
	}

	/** Takes a person's password away, or lets it expire. */
	spoilPassword({ id }: Person, how: 'remove' | 'expire'): Promise<void> {
		return spoilPassword(this.#server.dataDir, id, how);
	}

	/** Ends all sessions of this person from elsewhere. */
	async endSessions({ id }: Person): Promise<void> {
		await this.call('DELETE', `/admin/users/${id}/sessions`);
	}

	/** Sends so many wrong passwords for this person. */
	async guess({ email }: Person, times: number): Promise<void> {
		const body = { email, password: 'wrong' };
		for (let guess = 0; guess < times; guess++)
			await send(`${this.#server.url}/api/auth/login`, 'POST', { body }).catch(() => undefined);
	}

	/** Starts a session of this person and gives its token. */
	async startSession({ email, password }: Person): Promise<string> {
		const signedIn = await send(`${this.#server.url}/api/auth/login`, 'POST', { body: { email, password } });
		return SignedIn.parse(await signedIn.json()).accessToken;
	}

	/** Signs a browser in, as the sign-in page does. */
	async signIn(context: BrowserContext, person: Person): Promise<void> {
		const shared = { url: this.#server.url, sameSite: 'Lax' } as const;
		await context.addCookies([
			{ ...shared, name: 'immich_access_token', value: await this.startSession(person), httpOnly: true },
			{ ...shared, name: 'immich_auth_type', value: 'password', httpOnly: true },
			{ ...shared, name: 'immich_is_authenticated', value: 'true' }
		]);
	}
}
