import { dayMs } from '#lib/contract/day.ts';
import { customAlphabet } from 'nanoid';
import type { ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';

/** Letters and digits that aren't confused when read aloud or typed from paper. */
const readableAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groupCount = 4;
const newGroup = customAlphabet(readableAlphabet, 4);

/** Generates a password such as `k7mp-x2vd-9hqt-4rwe`: 16 symbols of 31 from the system's CSPRNG, about 79 bits. */
export const newTemporaryPassword = (): string => Array.from({ length: groupCount }, () => newGroup()).join('-');

/** Returns when a temporary password set now expires. */
export const temporaryPasswordExpiry = ({
	immichAuth
}: {
	readonly immichAuth: Pick<ImmichAuthConfig, 'passwords'>;
}): Date => new Date(Date.now() + immichAuth.passwords.temporaryLifetimeDays * dayMs);
