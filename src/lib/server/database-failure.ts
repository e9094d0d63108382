/** Network failures of a connection, of which some are named like failures of files: those count only while connecting. */
const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'];
const connectingCodes = [...networkCodes, 'ENOENT', 'EACCES', 'EAI_AGAIN'];

/**
 * PostgreSQL's classes 08 (connection) and 57P (shutting down, starting), too many connections, and what a server answers that has
 * become a standby.
 */
const unavailableStates = /^(08...|57P0.|53300|25006)$/;

/** Prisma: not reachable, timed out, connection closed, no connection free, too many connections. */
const prismaCodes = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037'];

/** What pg and its pool say where they have no code. */
const driverMessages =
	/^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

/** Tells whether a request failed because the database can't be used at the moment, rather than by a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const { name, code, syscall } = fieldsOf(error);
	if (name === 'PrismaClientInitializationError' || driverMessages.test(error.message)) return true;
	if (prismaCodes.includes(code) || unavailableStates.test(code)) return true;
	if (syscall === 'connect' || syscall === 'getaddrinfo') return connectingCodes.includes(code);
	if (networkCodes.includes(code)) return true;
	return unavailableStates.test(driverCodeOf(error)) || networkCodes.includes(driverCodeOf(error));
}

function fieldsOf(error: Error): { name: string; code: string; syscall: string } {
	const text = (key: string): string => {
		const value: unknown = Reflect.get(error, key);
		return typeof value === 'string' ? value : '';
	};
	return { name: error.name, code: text('code'), syscall: text('syscall') };
}

/** The code that Prisma's driver adapter attaches. */
function driverCodeOf(error: Error): string {
	const path = ['meta', 'driverAdapterError', 'cause', 'originalCode'];
	let found: unknown = error;
	for (const key of path) {
		if (typeof found !== 'object' || found === null) return '';
		found = Reflect.get(found, key);
	}
	return typeof found === 'string' ? found : '';
}
