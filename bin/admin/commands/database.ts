import { migrateDatabase } from '#lib/server/app/migrate-database.ts';
import { resetKey, rotateKey } from '#lib/server/app/rotate-key.ts';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { CanceledError } from '../failure.ts';
import { complain, say } from '../output.ts';
import { askYesOrNo } from '../prompts.ts';
import { createAuth, withResources } from '../server.ts';

/** Applies the migrations of this version. */
export const migrate = (): Promise<void> =>
	withResources(async (resources) => {
		const applied = await migrateDatabase(readEnv(process.env), { resources, onProgress: complain });
		for (const name of applied) say(`Applied ${name}`);
		say('The database is up to date.');
	});

export interface RotateOptions {
	readonly lost?: true;
	readonly yes?: true;
}

/** Replaces the encryption key of the secrets in the database, or gives up one that is lost. */
export async function rotateSecret({ lost, yes }: RotateOptions): Promise<void> {
	const question = lost
		? 'This signs everyone out and clears the stored SMTP and provider secrets. Continue?'
		: 'Replace the encryption key?';
	if (!yes && !(await askYesOrNo(question, 'Confirm with --yes.', !lost))) throw new CanceledError();
	await withResources(async (resources) => {
		const env = readEnv(process.env);
		const host = { resources, onProgress: complain };
		if (lost) {
			await resetKey(env, host, createAuth());
			say('The encryption key has been given up.');
			say('Restart the server, then enter the SMTP and provider secrets again.');
			return;
		}
		const source = await rotateKey(env, host, createAuth());
		say(`The encryption key has been replaced. It is now the one from ${source}.`);
		say('Every server on this database needs it from its next start. Back it up, apart from the database.');
	});
}
