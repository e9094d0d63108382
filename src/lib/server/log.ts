import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

/** Immich's names of levels, as pino has them. */
const levels = { verbose: 'trace', debug: 'debug', log: 'info', warn: 'warn', error: 'error', fatal: 'fatal' } as const;

/** Writes lines of JSON, or readable ones to a terminal. No secret, hash, token or e-mail ever goes in. */
export function createLog(level: keyof typeof levels = 'log'): Log {
	const options = { level: levels[level], base: null };
	return process.stdout.isTTY
		? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
		: pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
}
