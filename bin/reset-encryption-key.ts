import path from 'node:path';
import { readEnv } from '#lib/server/config/env.ts';
import { openDatabase } from '#lib/server/database/database.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** For a database whose encryption key is lost: the next start makes or takes another one, and drops what it can't decrypt. */
async function main(confirmation: string | undefined): Promise<void> {
	if (confirmation !== '--yes')
		throw new Error(
			'This signs everyone out and clears the stored SMTP and provider secrets. To go on: npm run reset-encryption-key -- --yes'
		);
	const { databaseUrl, dataDir } = readEnv(process.env);
	const database = await openDatabase({ databaseUrl, dataDir, migrationsDir: path.resolve('prisma/migrations') });
	try {
		await database.prisma.encryptionKey.deleteMany();
		say('The encryption key has been reset. Start the server, then enter the SMTP and provider secrets again.');
	} finally {
		await database.close();
	}
}

main(process.argv[2]).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
