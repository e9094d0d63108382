import { Prisma } from '../generated/prisma/client.ts';

/**
 * Returns the name of the unique constraint that a write violated, such as `user_email_uq`, or undefined for any other error.
 * Prisma itself doesn't report the name; it is in what the driver adapter attaches.
 */
export function readUniqueViolation(error: unknown): string | undefined {
	if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return undefined;
	return textAt(error.meta, ['driverAdapterError', 'cause', 'constraint', 'index']);
}

function textAt(value: unknown, keys: string[]): string | undefined {
	let found = value;
	for (const key of keys) {
		if (typeof found !== 'object' || found === null) return undefined;
		found = Object.entries(found).find(([name]) => name === key)?.[1];
	}
	return typeof found === 'string' ? found : undefined;
}
