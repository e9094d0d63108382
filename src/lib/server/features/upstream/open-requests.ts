import type { ApiKeyRepository } from '#lib/server/features/api-keys/index.ts';
import { Recheck } from '#lib/server/features/realtime/index.ts';
import type { SessionManager } from '#lib/server/features/sessions/index.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import type { Log } from '#lib/server/platform/log.ts';

/** How often all are checked for a credential that has expired, or ended without the triggers. */
const ageCheckMs = 30_000;

/** The credential of a forwarded request. */
export interface RequestOwner {
	readonly userId: string;
	readonly kind: 'session' | 'apiKey';
	/** The ID of the session or API key. */
	readonly id: string;
}

/** A forwarded request or websocket that is under way. */
export interface OpenRequest {
	/** Null for one without a credential of a user. */
	readonly owner: RequestOwner | null;
	/** Ends both connections. */
	readonly cut: () => void;
}

interface Dependencies {
	readonly sessions: Pick<SessionManager, 'listGood'>;
	readonly apiKeys: Pick<ApiKeyRepository, 'listIdentities'>;
	/** Whether a session can't use Immich until its user has changed the password. */
	readonly isPasswordChangeEnforced: () => boolean;
	readonly log: Log;
}

export function toRequestOwner({ user, credential }: Identity): RequestOwner | null {
	if (credential.kind === 'session') return { userId: user.id, kind: 'session', id: credential.sessionId };
	return credential.kind === 'apiKey' ? { userId: user.id, kind: 'apiKey', id: credential.keyId } : null;
}

/** All requests that are being forwarded; those of a session or key that ends are cut. */
export class OpenRequests {
	readonly #deps: Dependencies;
	readonly #byUser = new Map<string, Set<OpenRequest>>();
	readonly #anonymous = new Set<OpenRequest>();
	readonly #recheck: Recheck;
	readonly #ageTimer: ReturnType<typeof setInterval>;
	#changeCount = 0;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
		this.#recheck = new Recheck((userIds) => this.#check(userIds), dependencies.log);
		this.#ageTimer = setInterval(() => this.#recheck.add(null), ageCheckMs);
		this.#ageTimer.unref();
	}

	/** Increases with each change of a user, session or key: one that was read before may have ended. */
	get changeCount(): number {
		return this.#changeCount;
	}

	/** Adds a request; the returned function removes it. */
	add(request: OpenRequest): () => void {
		const { owner } = request;
		if (!owner) {
			this.#anonymous.add(request);
			return () => this.#anonymous.delete(request);
		}
		const open = this.#byUser.get(owner.userId) ?? new Set();
		this.#byUser.set(owner.userId, open.add(request));
		return () => {
			open.delete(request);
			if (open.size === 0 && this.#byUser.get(owner.userId) === open) this.#byUser.delete(owner.userId);
		};
	}

	/** A user, session or key has changed; null if it may be any user's. */
	onUser(userId: string | null): void {
		this.#changeCount++;
		if (userId === null ? this.#byUser.size > 0 : this.#byUser.has(userId)) this.#recheck.add(userId);
	}

	cutAll(): void {
		for (const request of [...this.#anonymous, ...this.#list(null)]) request.cut();
	}

	async stop(): Promise<void> {
		clearInterval(this.#ageTimer);
		await this.#recheck.stop();
		this.cutAll();
	}

	#list(userIds: readonly string[] | null): OpenRequest[] {
		const sets = userIds ? userIds.map((id) => this.#byUser.get(id)) : [...this.#byUser.values()];
		return sets.flatMap((open) => [...(open ?? [])]);
	}

	async #check(userIds: readonly string[] | null): Promise<void> {
		const requests = this.#list(userIds);
		const listIds = (kind: RequestOwner['kind']) => [
			...new Set(requests.flatMap(({ owner }) => (owner?.kind === kind ? [owner.id] : [])))
		];
		const keyIds = listIds('apiKey');
		const [sessions, keys] = await Promise.all([
			this.#deps.sessions.listGood(listIds('session')),
			keyIds.length === 0 ? [] : this.#deps.apiKeys.listIdentities(keyIds)
		]);
		const isEnforced = this.#deps.isPasswordChangeEnforced();
		const good = new Set([
			...sessions
				.filter(({ mustChangePassword }) => !(isEnforced && mustChangePassword))
				.map(({ sessionId }) => sessionId),
			...keys.map(({ keyId }) => keyId)
		]);
		for (const { owner, cut } of requests) if (owner && !good.has(owner.id)) cut();
	}
}
