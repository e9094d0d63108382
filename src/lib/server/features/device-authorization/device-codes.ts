import { randomBytes, randomInt } from 'node:crypto';
import { userCodeAlphabet, userCodeLength } from '#lib/contract/device-authorization/user-code.ts';

/** The program's secret: 256 random bits. */
export const newDeviceCode = (): string => randomBytes(32).toString('base64url');

/** What the user types: eight random letters, 34 bits, which is enough while guesses are limited. */
export const newUserCode = (): string =>
	Array.from({ length: userCodeLength }, () => userCodeAlphabet.charAt(randomInt(userCodeAlphabet.length))).join('');
