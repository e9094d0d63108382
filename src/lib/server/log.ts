import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

/** Immich's names of levels, as pino has them. */
const levels = { verbose: 'trace', debug: 'debug', log: 'info', warn: 'warn', error: 'error', fatal: 'fatal' } as const;

type Level = keyof typeof levels;

/** Lets the log write from this level on, or not at all. */
export function setLogging(log: Log, { enabled, level }: { enabled: boolean; level: Level }): void {
	log.level = enabled ? levels[level] : 'silent';
}

/** Writes lines of JSON, or readable ones to a terminal. No secret, hash, token or e-mail ever goes in. */
export function createLog(level: Level = 'log'): Log {
	const options = { level: levels[level], base: null };
	return process.stdout.isTTY
		? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
		: pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
}
