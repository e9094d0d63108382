import { detachDatabase, planAttachment } from '#lib/server/app/attach.ts';
import { migrateDatabase } from '#lib/server/app/migrate-database.ts';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { CanceledError } from '../failure.ts';
import { complain, printable, say } from '../output.ts';
import { askYesOrNo } from '../prompts.ts';
import { withResources } from '../server.ts';

export interface AttachOptions {
	readonly check?: true;
}

/** Attaches to a running Immich's database, or only says what that would do. */
export const attach = ({ check }: AttachOptions): Promise<void> =>
	withResources(async (resources) => {
		const env = readEnv(process.env);
		const host = { resources, onProgress: complain };
		const { immich, version, migrations, triggers } = await planAttachment(env, host);
		const named = immich.version === null ? 'a version it has not recorded' : printable(immich.version);
		say(`Immich: ${named}, with the tables of ${immich.form}.`);
		say(`PostgreSQL: ${printable(version)}.`);
		if (!check) {
			await migrateDatabase(env, host);
			say('Attached. Start the server with the same variables.');
			return;
		}
		if (migrations.pending.length === 0) say('immich-auth is attached already; nothing would be created.');
		else {
			say(
				`Would create: the schemas immich_auth and immich_auth_jobs (${String(migrations.pending.length)} migrations).`
			);
			const tables = Object.entries(triggers).map(([table, count]) => `${table} (${String(count)})`);
			say(
				`Would add triggers to the tables of Immich: ${tables.join(', ')}. They can't make a statement of Immich's fail.`
			);
			say(
				"Would change no table, column, index or row of Immich's; a start rewrites password hashes that begin with $2y$."
			);
		}
		say('Needs: nothing else. Immich can keep running. Back up the database first, as before any change.');
		say('To remove everything again: immich-admin detach');
	});

export interface DetachOptions {
	readonly yes?: true;
}

/** Removes everything of ours from a running Immich's database. */
export async function detach({ yes }: DetachOptions): Promise<void> {
	const question =
		'This deletes the audit log, linked providers and all other data of immich-auth. Users, sessions and API keys stay in Immich. Continue?';
	if (!yes && !(await askYesOrNo(question, 'Confirm with --yes.', false))) throw new CanceledError();
	await withResources(async (resources) => {
		const { triggers, schemas } = await detachDatabase(readEnv(process.env), { resources, onProgress: complain });
		say(`Removed ${String(triggers)} triggers from the tables of Immich, and the schemas ${schemas.join(' and ')}.`);
	});
}
