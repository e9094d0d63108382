import type { z } from 'zod';
import type {
	ApiKeyDetails,
	ApiKeyDetailsCreateDto,
	ApiKeyDetailsUpdateDto,
	ApiKeyPage,
	ApiKeyUsage
} from '#lib/contract/api-keys/api-key-details.ts';
import type { ApiKeyWithSecret } from '#lib/contract/api-keys/api-key.ts';
import { grantable, isGrantable, type AnyPermission } from '#lib/contract/permissions/permission.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { grants } from '#lib/server/platform/caller/authorize.ts';
import type { UsageRecorder } from './usage-recorder.ts';
import { trimOutdated } from './errors.ts';
import { keptUsageDays } from './api-key-usage.repository.ts';
import type { ApiKeyRow } from './api-key.repository.ts';
import type { ApiKeyStore } from './repositories.ts';
import { toApiKeyDetails } from './api-key-dto.ts';
import type { ApiKeyService } from './api-key.service.ts';

interface Dependencies {
	readonly store: ApiKeyStore;
	readonly apiKeys: ApiKeyService;
	readonly usage: UsageRecorder;
}

const pageSize = 50;

/** The caller's own API keys with what Immich doesn't show: expiry and usage. */
export class ApiKeyDetailsService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists 50 of the caller's own keys, after the one with this ID. */
	list(auth: Auth, afterId?: string): Promise<ApiKeyPage> {
		return listKeys(this.#deps, auth.user.id, afterId);
	}

	/**
	 * Creates a key that may expire, and returns it with its secret.
	 * @throws {AppError} 400 as ApiKeyService.create
	 */
	create(
		auth: Auth,
		{ expiresAt = null, ...dto }: z.output<typeof ApiKeyDetailsCreateDto>
	): Promise<ApiKeyWithSecret & { expiresAt: string | null }> {
		return this.#deps.apiKeys.create(auth, dto, expiresAt === null ? null : new Date(expiresAt));
	}

	/** Returns a key and its usage up to now. */
	async get(auth: Auth, id: string): Promise<ApiKeyUsage> {
		const { apiKeys, store, usage } = this.#deps;
		await apiKeys.find(auth, id);
		await usage.flush();
		const [row, used] = await Promise.all([apiKeys.find(auth, id), store.apiKeyUsage.list(id)]);
		return {
			...toApiKeyDetails(row),
			days: keptUsageDays,
			used: used.map((use) => ({ ...use, lastUsedAt: use.lastUsedAt.toISOString() })),
			trimmed: trim(
				row.permissions,
				used.map(({ permission }) => permission)
			)
		};
	}

	/** Writes only the given values that differ. */
	async update(
		auth: Auth,
		id: string,
		{ name, permissions: wanted, expiresAt }: z.output<typeof ApiKeyDetailsUpdateDto>
	): Promise<ApiKeyDetails> {
		const { apiKeys } = this.#deps;
		const current = await apiKeys.find(auth, id);
		const row = await apiKeys.change(auth, current, {
			...(name === undefined || name === current.name ? {} : { name }),
			...(wanted === undefined || areSame(wanted, current) ? {} : { permissions: wanted }),
			...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) })
		});
		return toApiKeyDetails(row);
	}

	/**
	 * Removes unused permissions, leaving `kept`.
	 * @throws {AppError} 400 if the usage has changed so that `kept` is no longer what remains
	 */
	async trim(auth: Auth, id: string, kept: readonly AnyPermission[]): Promise<ApiKeyDetails> {
		const { trimmed } = await this.get(auth, id);
		const proposed = new Set<string>(trimmed);
		if (trimmed === null || proposed.size !== kept.length || !kept.every((permission) => proposed.has(permission)))
			throw trimOutdated();
		return this.update(auth, id, { permissions: trimmed });
	}
}

/** Lists a page of a user's keys, with their usage up to now. */
export async function listKeys(
	{ store: { apiKeys }, usage }: Pick<Dependencies, 'store' | 'usage'>,
	userId: string,
	afterId?: string
): Promise<ApiKeyPage> {
	await usage.flush();
	const [rows, total] = await Promise.all([
		apiKeys.listPage(userId, pageSize + 1, afterId),
		apiKeys.countByUser(userId)
	]);
	const shown = rows.slice(0, pageSize);
	return {
		keys: shown.map(toApiKeyDetails),
		total,
		next: rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null
	};
}

const areSame = (wanted: readonly AnyPermission[], { permissions: held }: ApiKeyRow): boolean => {
	const known = new Set(held.filter(isGrantable));
	return new Set(wanted).size === known.size && wanted.every((permission) => known.has(permission));
};

/** Returns the permissions left when only the used ones stay; null if none were used or none would be removed. */
function trim(held: readonly string[], used: readonly string[]): AnyPermission[] | null {
	const needsAll = held.includes('all') && used.includes('all');
	const kept = needsAll
		? (['all'] as const)
		: grantable.filter((permission) => permission !== 'all' && used.includes(permission) && grants(held, permission));
	const isLess =
		kept.length > 0 && held.filter(isGrantable).some((permission) => !kept.some((other) => other === permission));
	return isLess ? [...kept] : null;
}
