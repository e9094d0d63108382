import path from 'node:path';
import { openDatabase } from '#lib/server/platform/database/database.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');

/** Removes a user's password, or lets it expire, in the database of a running server. */
export async function spoilPassword(dataDir: string, userId: string, how: 'remove' | 'expire'): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		if (how === 'remove') await database.prisma.user.update({ where: { id: userId }, data: { password: '' } });
		else
			await database.prisma.passwordState.update({
				where: { userId },
				data: { expiresAt: new Date(Date.now() - 3_600_000) }
			});
	} finally {
		await database.close();
	}
}
