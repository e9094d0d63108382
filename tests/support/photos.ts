import { randomBytes } from 'node:crypto';
import type { Prisma } from '#lib/server/platform/database/database.ts';

type Fields = Partial<Omit<Prisma.AssetUncheckedCreateInput, 'ownerId'>>;

/** Returns the row of a photo with a unique checksum. */
export function buildPhoto(ownerId: string, fields: Fields = {}) {
	const moment = new Date('2026-03-04T05:06:07Z');
	return {
		ownerId,
		type: 'IMAGE',
		originalPath: '/photos/a.jpg',
		originalFileName: 'a.jpg',
		fileCreatedAt: moment,
		fileModifiedAt: moment,
		localDateTime: moment,
		checksum: randomBytes(20),
		checksumAlgorithm: 'sha1',
		...fields
	} satisfies Prisma.AssetUncheckedCreateInput;
}
