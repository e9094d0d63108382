import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { setupCodeRequired, setupCodeWrong } from './errors.ts';
import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';

/** Digits and letters that can't be confused. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const groups = 3;
const groupLength = 4;

/** The request and code for creating the first admin. */
export interface SetupProof {
	/** The request comes directly from this machine. */
	readonly isLocal: boolean;
	readonly code: string | undefined;
	readonly address: string;
}

/** Case, spaces and dashes are ignored. */
const plain = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase();

/** Derives the code from a secret shared by all servers of a database, so that it survives restarts. */
function formatCode(secret: Uint8Array): string {
	const bytes = createHmac('sha256', secret).update('setup code').digest();
	const letters = [...bytes.subarray(0, groups * groupLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
	return Array.from({ length: groups }, (_, index) =>
		letters.slice(index * groupLength, (index + 1) * groupLength)
	).join('-');
}

const addressLimit = { name: 'setup', attempts: 10, periodSeconds: 15 * 60 };
/** Stops guesses from many addresses. An attacker could use it to block setup for others, but not on the machine itself. */
const totalLimit = { name: 'setup-all', attempts: 500, periodSeconds: 15 * 60 };

/** Limits guesses per address and in total. */
interface SetupAttempts {
	readonly byAddress: RateLimiter;
	readonly total: RateLimiter;
}

/** Keeps strangers from taking over a new server. */
export class SetupCode {
	readonly #code: string | null;
	readonly #attempts: SetupAttempts;
	/** Whether local requests need the code too: behind a proxy that adds no header, strangers look local. */
	readonly #isForAll: boolean;
	/** Whether the operator chose the code, so that it needn't be printed. */
	readonly isChosen: boolean;

	/** `chosen` is IMMICH_AUTH_SETUP_CODE; `none` disables the code, and `always` requires a generated one from everyone. */
	constructor(chosen: string | undefined, secret: Uint8Array, attempts: SetupAttempts) {
		const word = chosen?.toLowerCase();
		this.#isForAll = word === 'always';
		this.isChosen = chosen !== undefined && !this.#isForAll;
		this.#code = word === 'none' ? null : this.isChosen && chosen !== undefined ? chosen : formatCode(secret);
		this.#attempts = attempts;
	}

	/** Uses the chosen code, or derives one from the secret, which all instances share. */
	static create(chosen: string | undefined, secret: Uint8Array, pool: Pool): SetupCode {
		return new SetupCode(chosen, secret, {
			byAddress: new RateLimiter(pool, addressLimit),
			total: new RateLimiter(pool, totalLimit)
		});
	}

	/** Instructions for a new server; they include the code only if the server generated it. */
	get notice(): string {
		if (this.#code === null)
			return 'There is no admin yet, and no setup code is required: create the admin before others can.';
		const which = this.isChosen ? 'the setup code of IMMICH_AUTH_SETUP_CODE' : `the setup code ${this.#code}`;
		const where = this.#isForAll ? 'this' : 'from another machine this';
		return `There is no admin yet. Open /auth/register to create one; ${where} takes ${which}.`;
	}

	/** The code, for the server's output; null if none is required. */
	get code(): string | null {
		return this.#code;
	}

	/** Whether a request needs the code; a local one does only with `always`. */
	isRequiredFrom({ isLocal }: Pick<SetupProof, 'isLocal'>): boolean {
		return this.#code !== null && (this.#isForAll || !isLocal);
	}

	/**
	 * Admits a local request, or one with the right code.
	 * @throws {AppError} 403 otherwise, 429 after too many wrong codes
	 */
	async check(proof: SetupProof): Promise<void> {
		if (this.#code === null || !this.isRequiredFrom(proof)) return;
		if (!proof.code?.trim()) throw setupCodeRequired();
		await this.#attempts.byAddress.count([proof.address]);
		await this.#attempts.total.count(['all']);
		if (!isSame(plain(proof.code), plain(this.#code))) throw setupCodeWrong();
	}
}

function isSame(one: string, other: string): boolean {
	const [first, second] = [one, other].map((text) => createHmac('sha256', 'compare').update(text).digest());
	return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
