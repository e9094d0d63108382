import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { guessablePassword } from './errors.ts';
import { contextWords, isGuessable, type CommonPasswords } from './guessable.ts';

/** Names of this server, besides its own host name. */
const productNames = ['immich', 'immich-auth'];

let common: Promise<CommonPasswords> | undefined;

/** Loads the list when a password is first set: most servers never need it. */
async function loadCommon(): Promise<CommonPasswords> {
	const { dictionary } = await import('@zxcvbn-ts/language-common');
	return new Map(dictionary['passwords-common'].map((password, index) => [password.toLowerCase(), index]));
}

/** The user whose password is set. */
interface Owner {
	readonly name: string;
	readonly email: string;
}

/** Rejects passwords that an attacker would try first (NIST SP 800-63B 3.1.1.2, ASVS 6.2.4). */
export class PasswordPolicy {
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor(settings: Pick<SettingsReader, 'current'>) {
		this.#settings = settings;
	}

	/**
	 * Refuses a guessable password; an empty one is ignored. `field` is its name in form and body.
	 * @throws {AppError} 400 with that field
	 */
	async require(
		password: string | undefined,
		owner: Owner,
		field: 'password' | 'newPassword' = 'password'
	): Promise<void> {
		const { system, immichAuth } = this.#settings.current;
		if (!password || immichAuth.passwords.allowCommon) return;
		const { externalDomain } = system.server;
		const host = URL.canParse(externalDomain) ? new URL(externalDomain).hostname : externalDomain;
		const context = contextWords([owner.name, owner.email, host, ...productNames]);
		if (isGuessable(password, await (common ??= loadCommon()), context)) throw guessablePassword(field);
	}
}
