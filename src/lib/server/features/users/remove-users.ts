import { dayMs } from '#lib/contract/day.ts';
import { z } from 'zod';
import type { ProfileImageFiles } from '#lib/server/features/profile-images/index.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { JobHandler } from '#lib/server/platform/job.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { UserStore } from './repositories.ts';
import type { UserRow } from './user.repository.ts';

/** Finds the files of a user who is about to be removed permanently, and returns what removes them. */
export type RemovalListener = (user: Pick<UserRow, 'id'>) => Promise<() => Promise<void>>;

/** What other features store of a user: found in a transaction, and removed once it has committed. */
export class StoredFiles {
	readonly #found: (() => Promise<void>)[] = [];

	async find(listeners: readonly RemovalListener[], userId: string): Promise<void> {
		for (const listener of listeners) this.#found.push(await listener({ id: userId }));
	}

	/** The user is gone already, so a file that can't be removed is only logged. */
	async remove(log: Log): Promise<void> {
		for (const remove of this.#found)
			await remove().catch((error: unknown) => log.warn({ error }, 'Files of a removed account could not be deleted'));
	}
}

interface Dependencies {
	readonly store: UserStore;
	readonly settings: SettingsReader;
	readonly files: ProfileImageFiles;
	/** Remove what other features store of a user. */
	readonly listeners: readonly RemovalListener[];
	readonly log: Log;
}

const pageSize = 500;
/** A user may have hundreds of thousands of photos, whose rows are deleted as well. */
export const removalLimits = { timeout: 10 * 60_000 };

const RemovedUser = z.object({ id: z.uuid() });

/** Users deleted before this time can no longer be restored. */
const graceEnd = ({ settings }: Dependencies): Date =>
	new Date(Date.now() - settings.current.system.user.deleteDelay * dayMs);

/**
 * Permanently removes users whose grace period has ended. If one can't be removed, it gets a job of its own and doesn't
 * block the others.
 */
export const removeDeletedUsers =
	(dependencies: Dependencies): JobHandler =>
	async ({ signal, add }) => {
		const { store, settings, log } = dependencies;
		const listNext = (afterId: string | null) => store.deletedUsers.listDue(graceEnd(dependencies), afterId, pageSize);
		await settings.refresh();
		let [removed, failed] = [0, 0];
		for (let page = await listNext(null); page.length > 0; page = await listNext(page.at(-1) ?? null)) {
			for (const id of page) {
				signal.throwIfAborted();
				try {
					if (await remove(dependencies, id)) removed++;
				} catch (error) {
					log.warn({ userId: id, error }, 'A deleted account could not be removed');
					await add('UserDelete', { id });
					failed++;
				}
			}
		}
		return `${accounts(removed)} removed${failed > 0 ? `; ${accounts(failed)} left for another attempt` : ''}`;
	};

/** Removes one user, if the grace period is still over. */
export const removeUser =
	(dependencies: Dependencies): JobHandler =>
	async ({ data }) => {
		const { id } = RemovedUser.parse(data);
		return (await remove(dependencies, id)) ? 'Removed' : 'Nothing to remove';
	};

/**
 * Removes a user, all dependent rows, the profile images and what other features have stored; returns false if the user is gone or was restored. The files
 * go first: if the process is killed in between, the user is still there to be removed.
 */
async function remove(dependencies: Dependencies, id: string): Promise<boolean> {
	const { store, files, listeners, log } = dependencies;
	const isRemoved = await store.transaction(async ({ users, audit }) => {
		await users.lockForRemoval(id);
		const user = await users.find(id, { isDeletedShown: true });
		if (!user?.deletedAt || user.deletedAt > graceEnd(dependencies)) return false;
		await files.removeAll(id);
		for (const listener of listeners) await (await listener(user))();
		await users.remove(id);
		await audit.record({
			action: 'user.remove',
			actor: null,
			subject: { id: user.id, name: user.name, email: user.email },
			credential: null,
			clientInfo: { address: null, client: null, correlationId: null }
		});
		return true;
	}, removalLimits);
	if (isRemoved) log.info({ userId: id }, 'Deleted account permanently removed');
	return isRemoved;
}

const accounts = (count: number): string => `${count} ${count === 1 ? 'account' : 'accounts'}`;
