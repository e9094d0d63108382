import path from 'node:path';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { resetEncryptionKey } from '#lib/server/platform/secrets/encryption-key.repository.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** For a database whose encryption key is lost: the next start uses a new key and drops what it can't decrypt. */
async function main(confirmation: string | undefined): Promise<void> {
	if (confirmation !== '--yes')
		throw new Error(
			'This signs everyone out and clears the stored SMTP and provider secrets. To continue: npm run reset-encryption-key -- --yes'
		);
	const { database, dataDir } = readEnv(process.env);
	await resetEncryptionKey({
		databaseUrl: database?.url,
		databaseVariable: database?.variable,
		dataDir,
		migrationsDir: path.resolve('prisma/migrations')
	});
	say('The encryption key has been reset. Start the server, then enter the SMTP and provider secrets again.');
}

main(process.argv[2]).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
