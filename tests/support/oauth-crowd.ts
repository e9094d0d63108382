import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Api } from './api.ts';
import { password } from './accounts.ts';
import type { Reply } from './http.ts';
import { Snapshot } from './snapshot.ts';
import { TwoProviders } from './two-providers.ts';

const names = ['ann', 'bob', 'cleo'] as const;
type Name = (typeof names)[number];

/** Three users linked to both providers, each with a session per provider and one by password; Cleo is deleted. */
export class LinkedCrowd {
	readonly #api: Api;
	readonly #ids: ReadonlyMap<Name, string>;
	readonly adminToken: string;

	private constructor(api: Api, ids: ReadonlyMap<Name, string>, adminToken: string) {
		this.#api = api;
		this.#ids = ids;
		this.adminToken = adminToken;
	}

	static async start(api: Api, providers: TwoProviders): Promise<LinkedCrowd> {
		const { token } = await api.accounts.signInAdmin();
		await providers.configure(token);
		const ids = new Map<Name, string>();
		const crowd = new LinkedCrowd(api, ids, token);
		for (const name of names) {
			const user = await api.accounts.makeUser({ name, email: `${name}@example.test` });
			ids.set(name, user.id);
			const own = await api.accounts.makeSession(user.id);
			for (const provider of ['immich', 'club'] as const) await providers.link(provider, crowd.claims(name), own);
			await api.prisma.session.deleteMany({ where: { userId: user.id } });
			for (const provider of ['immich', 'club'] as const) await providers.enter(provider, crowd.claims(name));
			await api.request('POST', '/api/auth/login', { body: { email: user.email, password } });
		}
		await api.prisma.user.update({
			where: { id: crowd.id('cleo') },
			data: { deletedAt: new Date(), status: 'deleted' }
		});
		await api.prisma.notification.deleteMany();
		return crowd;
	}

	id(name: Name): string {
		return this.#ids.get(name) ?? '';
	}

	claims(name: Name) {
		return { sub: name, email: `${name}@example.test`, email_verified: true };
	}

	asAdmin(method: string, path: string, body?: unknown): Promise<Reply> {
		return this.#api.request(method, path, { token: this.adminToken, ...(body !== undefined && { body }) });
	}

	/** Which user is linked to which provider: ‘ann/club’. */
	async links(): Promise<string[]> {
		const rows = await this.#api.prisma.oAuthIdentity.findMany({ select: { userId: true, providerId: true } });
		return rows.map(({ userId, providerId }) => `${this.#getName(userId)}/${providerId}`).sort();
	}

	/** Which user has a session from which sign-in method: ‘ann/club’, ‘ann/password’. */
	async sessions(): Promise<string[]> {
		const rows = await this.#api.prisma.session.findMany({
			where: { userId: { in: [...this.#ids.values()] }, parentId: null },
			select: { userId: true, oauth: { select: { providerId: true } } }
		});
		return rows.map(({ userId, oauth }) => `${this.#getName(userId)}/${oauth?.providerId ?? 'password'}`).sort();
	}

	async oauthIds(): Promise<Record<string, string>> {
		const rows = await this.#api.prisma.user.findMany({ where: { id: { in: [...this.#ids.values()] } } });
		return Object.fromEntries(rows.map(({ name, oauthId }) => [name, oauthId] as const).sort());
	}

	/** The users who were notified that they were unlinked. */
	async listNotified(): Promise<string[]> {
		const rows = await this.#api.prisma.notification.findMany({ where: { title: 'Provider unlinked' } });
		return rows.map(({ userId }) => this.#getName(userId ?? '')).sort();
	}

	/** The audit events about unlinking. */
	async recorded() {
		const rows = await this.#api.prisma.auditEvent.findMany({
			where: { action: { startsWith: 'oauth.unlink' } },
			orderBy: { id: 'asc' }
		});
		return rows.map(({ action, subjectId, changes }) => [action, subjectId && this.#getName(subjectId), changes]);
	}

	waitingForTable(): Promise<number> {
		return this.#countWaiting('relation');
	}

	waitingForRow(): Promise<number> {
		return this.#countWaiting('transactionid');
	}

	async #countWaiting(kind: string): Promise<number> {
		const { rows } = await this.#api.pool.query<{ count: number }>(
			`SELECT count(*)::int AS count FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = $1`,
			[kind]
		);
		return rows[0]?.count ?? 0;
	}

	#getName(userId: string): string {
		return [...this.#ids].find(([, id]) => id === userId)?.[0] ?? 'someone else';
	}
}

/** All links of a new crowd. */
export const allLinks = ['ann/club', 'ann/immich', 'bob/club', 'bob/immich', 'cleo/club', 'cleo/immich'];

export const linksWithout = (...removed: string[]) => allLinks.filter((link) => !removed.includes(link));

interface UsedCrowd {
	readonly crowd: LinkedCrowd;
	readonly providers: TwoProviders;
}

/** Gives each test of a file the same new crowd; its properties are set while tests run. */
export function useLinkedCrowd(api: Api): UsedCrowd {
	const used = {} as { crowd: LinkedCrowd; providers: TwoProviders };
	let snapshot: Snapshot | undefined;
	beforeAll(async () => {
		used.providers = await TwoProviders.start(api);
	});
	afterAll(async () => {
		await snapshot?.drop();
		await used.providers.close();
	});
	beforeEach(async () => {
		if (snapshot) return snapshot.restore();
		await api.reset();
		used.crowd = await LinkedCrowd.start(api, used.providers);
		snapshot = await Snapshot.take(api.pool);
	});
	return used;
}
