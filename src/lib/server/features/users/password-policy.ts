import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { guessablePassword } from '#lib/server/platform/errors.ts';
import { contextWords, isGuessable, type CommonPasswords } from './guessable.ts';

/** What this server is called, beside its own host name. */
const productNames = ['immich', 'immich-auth'];

let common: Promise<CommonPasswords> | undefined;

/** Loads the list when a password is set for the first time: most servers start without needing it. */
async function loadCommon(): Promise<CommonPasswords> {
	const { dictionary } = await import('@zxcvbn-ts/language-common');
	return new Map(dictionary['passwords-common'].map((password, index) => [password.toLowerCase(), index]));
}

/** Whose password it is to be. */
interface Owner {
	readonly name: string;
	readonly email: string;
}

/** Refuses passwords that are among the first somebody would try (NIST SP 800-63B 3.1.1.2, ASVS 6.2.4). */
export class PasswordPolicy {
	readonly #settings: Pick<SettingsReader, 'current'>;

	constructor(settings: Pick<SettingsReader, 'current'>) {
		this.#settings = settings;
	}

	/** Throws 400 at this field of form and body for a password that is easy to guess; an empty one sets none. */
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
