import path from 'node:path';
import { findMailFault, type MailServer } from '#lib/server/features/mail/index.ts';
import { inspectSettings, settingsRepositories } from '#lib/server/features/settings/index.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import {
	inspectDatabase,
	openDatabase,
	type Database,
	type Inspection
} from '#lib/server/platform/database/database.ts';
import type { Host } from '../open-platform.ts';
import { checkDisk } from './disk-check.ts';
import { checkUpstream } from './upstream-check.ts';
import { DoctorRepository } from './doctor.repository.ts';
import { ok, problem, problemFrom, skipped, warning, type CheckName, type Finding, type Found } from './finding.ts';
import { checkProxy } from './proxy-check.ts';
import { checkSecrets } from './secret-check.ts';

/** Each server process keeps up to this many connections. */
const neededConnections = 12;
const minuteMs = 60_000;
const noticedOffsetMs = 2_000;
const severeOffsetMs = 30_000;

const withName = (check: CheckName, found: readonly Found[]): Finding[] => found.map((one) => ({ check, ...one }));

/** Yields what is right and wrong with the server's surroundings, check by check. Changes nothing. */
export async function* examine(env: AppEnv, host: Pick<Host, 'onProgress' | 'resources'>): AsyncGenerator<Finding> {
	const options = {
		databaseUrl: env.database?.url,
		databaseVariable: env.database?.variable,
		dataDir: env.dataDir,
		migrationsDir: path.resolve('prisma/migrations'),
		mustBeReady: true,
		maxConnections: 2,
		...host
	};
	const inspected = await inspectDatabase(options).catch((error: unknown) => problemFrom(error));
	if ('status' in inspected) {
		yield { check: 'database', ...inspected };
		for (const check of ['schema', 'pooler', 'clock', 'secrets', 'proxy headers', 'mail'] as const)
			yield { check, ...skipped('Needs the database.') };
		yield* checkUpstream(env.upstreamUrl);
		yield* withName('disk', [await tried(() => checkDisk(env.dataDir))]);
		return;
	}
	yield* withName('database', checkDatabase(inspected, env));
	const schema = checkSchema(inspected);
	yield { check: 'schema', ...schema };
	yield { check: 'pooler', ...checkPooler(inspected) };
	if (schema.status === 'problem') {
		yield { check: 'clock', ...checkOffset(inspected) };
		for (const check of ['secrets', 'proxy headers', 'mail'] as const)
			yield { check, ...skipped('Needs the tables of this version.') };
	} else yield* examineContent(env, inspected, await openDatabase(options));
	yield* checkUpstream(env.upstreamUrl);
	yield* withName('disk', [await tried(() => checkDisk(env.dataDir))]);
}

/** Checks what needs the tables. */
async function* examineContent(
	env: AppEnv,
	inspected: Inspection,
	{ prisma, pool }: Database
): AsyncGenerator<Finding> {
	const repository = new DoctorRepository({ pool });
	yield { check: 'clock', ...checkClock(inspected, await repository.newestEventAt()) };
	const { found, vault } = await checkSecrets(env, { prisma }).catch((error: unknown) => ({
		found: [problemFrom(error)],
		vault: null
	}));
	yield* withName('secrets', found);
	const settings =
		vault &&
		(await inspectSettings(new settingsRepositories.settings({ prisma, vault }), env).catch((error: unknown) =>
			problemFrom(error)
		));
	if (!settings || 'status' in settings) {
		if (settings) yield { check: 'configuration', ...settings };
		for (const check of ['proxy headers', 'mail'] as const) yield { check, ...skipped('Needs the settings.') };
		return;
	}
	yield* withName(
		'configuration',
		settings.problems.map((words) => warning(words, 'Correct it in the settings or in the config file.'))
	);
	const { server, notifications } = settings.current.system;
	yield* withName('proxy headers', await checkProxy(server.externalDomain, repository));
	yield { check: 'mail', ...(await checkMail(notifications.smtp)) };
}

const tried = (check: () => Promise<Found>): Promise<Found> => check().catch((error: unknown) => problemFrom(error));

function checkDatabase({ version, isEmbedded, isWritable, freeConnections }: Inspection, env: AppEnv): Found[] {
	const where = isEmbedded ? `embedded, in ${env.dataDir}` : `named by ${env.database?.variable ?? 'DATABASE_URL'}`;
	if (!isWritable)
		return [
			problem(
				`PostgreSQL ${version}, ${where}: this user may not change everything that the server changes.`,
				'Make the user the owner of the database and of its tables, or name another user in the address.'
			)
		];
	if (freeConnections < neededConnections)
		return [
			warning(
				`PostgreSQL ${version}, ${where}: only ${String(Math.max(0, freeConnections))} connections are free.`,
				`Each server uses up to ${String(neededConnections)}: raise max_connections, or stop other clients.`
			)
		];
	return [ok(`PostgreSQL ${version}, ${where}.`)];
}

function checkSchema({ migrations: { pending, unknown, isNew } }: Inspection): Found {
	const [newer] = unknown;
	if (newer !== undefined)
		return problem(
			`A newer version of immich-auth has used this database (migration ${newer}).`,
			'Update this installation, or restore a backup from before.'
		);
	if (isNew)
		return problem(
			'The database has no tables of immich-auth.',
			'Check the address; for a new database, start the server.'
		);
	if (pending.length > 0)
		return problem(
			`Migrations of this version have not been applied: ${String(pending.length)}.`,
			'Start this version of the server, or run immich-admin migrate. Make a backup first.'
		);
	return ok('All migrations have been applied.');
}

const checkPooler = ({ pooling, isEmbedded }: Inspection): Found =>
	pooling === 'session'
		? ok(isEmbedded ? 'None.' : 'None, or one in session mode.')
		: warning(
				'A connection pooler in transaction mode delivers no notifications, so changes on other servers take seconds.',
				'Use session mode or a direct connection: "Using your own database" in docs/operations.md.'
			);

const clockAdvice = 'Set both clocks, with NTP or chrony: sessions, temporary passwords and limits depend on them.';

function checkOffset({ clockAheadMs }: Inspection): Found {
	const offMs = Math.abs(clockAheadMs);
	if (offMs < noticedOffsetMs) return ok('This machine and the database agree.');
	const words = `The clock of the database is ${(offMs / 1_000).toFixed(0)} s ${clockAheadMs > 0 ? 'ahead' : 'behind'}.`;
	return offMs < severeOffsetMs ? warning(words, clockAdvice) : problem(words, clockAdvice);
}

function checkClock(inspected: Inspection, newestEventAt: Date | null): Found {
	const offset = checkOffset(inspected);
	if (offset.status !== 'ok' || newestEventAt === null || newestEventAt.getTime() < Date.now() + minuteMs)
		return offset;
	return problem(
		`The newest audit event is from the future (${newestEventAt.toISOString()}): a clock was wrong, or is.`,
		clockAdvice
	);
}

async function checkMail(smtp: { readonly enabled: boolean; readonly transport: MailServer }): Promise<Found> {
	if (!smtp.enabled) return ok('Off.');
	const { host, port } = smtp.transport;
	const fault = await findMailFault(smtp.transport);
	if (!fault) return ok(`${host}:${String(port)} accepts mail.`);
	return problem(`${host}:${String(port)}: ${fault.words}`, `Correct smtp.transport.${fault.setting} in the settings.`);
}
