import path from 'node:path';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { inspectDatabase, withDatabase, type Inspection } from '#lib/server/platform/database/database.ts';
import { detach, type Detached } from '#lib/server/platform/database/detach.ts';
import { requireRights } from '#lib/server/platform/database/foreign-objects.ts';
import type { ImmichDatabase } from '#lib/server/platform/database/immich-tables.ts';
import { listTriggers } from '#lib/server/platform/database/immich-triggers.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import type { Host } from './open-platform.ts';

const migrationsDir = () => path.resolve('prisma/migrations');

const toOptions = (
	{ database, dataDir }: AppEnv,
	{ onProgress, resources }: Pick<Host, 'onProgress' | 'resources'>
) => ({
	databaseUrl: database?.url,
	databaseVariable: database?.variable,
	dataDir,
	migrationsDir: migrationsDir(),
	mustBeReady: true,
	onProgress,
	resources
});

/** What attaching to a running Immich's database finds and would do. */
export interface AttachmentPlan extends Pick<Inspection, 'version' | 'migrations'> {
	readonly immich: ImmichDatabase;
	/** The tables of Immich's that get triggers, and how many. */
	readonly triggers: Readonly<Record<string, number>>;
}

/**
 * Looks at a database without changing anything.
 * @throws {StartupError} if it isn't a running Immich's, or if it can't be attached to
 */
export async function planAttachment(
	env: AppEnv,
	host: Pick<Host, 'onProgress' | 'resources'>
): Promise<AttachmentPlan> {
	if (!env.database)
		throw new StartupError('Set DATABASE_URL, or the DB_… variables of Immich, to the database of Immich.');
	const options = toOptions(env, host);
	const { version, migrations } = await inspectDatabase(options);
	const { immich } = migrations;
	if (!immich)
		throw new StartupError(
			migrations.isNew
				? 'This database is empty. Set DATABASE_URL to the database of Immich, after Immich has been started once.'
				: 'This database belongs to an immich-auth of its own, not to an Immich.'
		);
	await withDatabase(options, requireRights);
	return { version, migrations, immich, triggers: listTriggers(true) };
}

/**
 * Removes everything of ours from a running Immich's database.
 * @throws {StartupError} if it isn't one, or if a server of ours still uses it
 */
export const detachDatabase = (env: AppEnv, host: Pick<Host, 'onProgress' | 'resources'>): Promise<Detached> =>
	withDatabase(toOptions(env, host), (client) => detach(client, migrationsDir()));
