import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { setupCodeRequired, setupCodeWrong } from '#lib/server/platform/errors.ts';
import { Attempts } from '#lib/server/platform/rate-limits/rate-limiter.ts';

/** Digits and letters that cannot be taken for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const groups = 3;
const groupLength = 4;

/** What somebody brings who wants to create the first admin. */
export interface SetupProof {
	/** The request comes directly from this machine. */
	readonly isLocal: boolean;
	readonly code: string | undefined;
	readonly address: string;
}

/** Case, blanks and dashes are not part of the code. */
const plain = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase();

/** Derives the code from a secret that all servers of one database share, so that it survives restarts. */
function codeOf(secret: Uint8Array): string {
	const bytes = createHmac('sha256', secret).update('setup code').digest();
	const letters = [...bytes.subarray(0, groups * groupLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
	return Array.from({ length: groups }, (_, index) =>
		letters.slice(index * groupLength, (index + 1) * groupLength)
	).join('-');
}

const limitOfAddress = { name: 'setup', attempts: 10, periodSeconds: 15 * 60 };
/** Leaves no hope to somebody with many addresses, who could keep others from setting up, but not the machine itself. */
const limitOfAll = { name: 'setup-all', attempts: 500, periodSeconds: 15 * 60 };

/** Limits guesses, from one address and from all of them together. */
interface SetupAttempts {
	readonly ofAddress: Attempts;
	readonly ofAll: Attempts;
}

/** Keeps a new server from being taken over by whoever reaches it first. */
export class SetupCode {
	readonly #code: string | null;
	readonly #attempts: SetupAttempts;
	/** Whether requests from this machine need it too: a forwarder that adds no header makes strangers look local. */
	readonly #isForAll: boolean;
	/** Whether the administrator has chosen the code, and so need not be told it. */
	readonly isChosen: boolean;

	/** `chosen` is IMMICH_AUTH_SETUP_CODE; `none` does without a code, and `always` asks everyone for a generated one. */
	constructor(chosen: string | undefined, secret: Uint8Array, attempts: SetupAttempts) {
		const word = chosen?.toLowerCase();
		this.#isForAll = word === 'always';
		this.isChosen = chosen !== undefined && !this.#isForAll;
		this.#code = word === 'none' ? null : this.isChosen && chosen !== undefined ? chosen : codeOf(secret);
		this.#attempts = attempts;
	}

	static create(chosen: string | undefined, secret: Uint8Array, pool: Pool): SetupCode {
		return new SetupCode(chosen, secret, {
			ofAddress: new Attempts(pool, limitOfAddress),
			ofAll: new Attempts(pool, limitOfAll)
		});
	}

	/** What to do on a new server; says the code only where the server made it. */
	get notice(): string {
		if (this.#code === null)
			return 'There is no admin yet, and no setup code is required: create the admin before others can.';
		const which = this.isChosen ? 'the setup code of IMMICH_AUTH_SETUP_CODE' : `the setup code ${this.#code}`;
		const where = this.#isForAll ? 'this' : 'from another machine this';
		return `There is no admin yet. Open /auth/register to create one; ${where} takes ${which}.`;
	}

	/** The code for whoever sees the output of the server; null where none is required. */
	get code(): string | null {
		return this.#code;
	}

	isRequiredOf({ isLocal }: Pick<SetupProof, 'isLocal'>): boolean {
		return this.#code !== null && (this.#isForAll || !isLocal);
	}

	/** Throws unless the request comes from this machine or brings the code. */
	async check(proof: SetupProof): Promise<void> {
		if (this.#code === null || !this.isRequiredOf(proof)) return;
		if (!proof.code?.trim()) throw setupCodeRequired();
		await this.#attempts.ofAddress.count([proof.address]);
		await this.#attempts.ofAll.count(['all']);
		if (!isSame(plain(proof.code), plain(this.#code))) throw setupCodeWrong();
	}
}

function isSame(one: string, other: string): boolean {
	const [first, second] = [one, other].map((text) => createHmac('sha256', 'compare').update(text).digest());
	return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
