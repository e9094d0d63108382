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
/** The same as Prisma's driver adapter names it, which is all that there is for raw queries. */
const prismaKinds = ['DatabaseNotReachable', 'SocketTimeout', 'ConnectionClosed', 'TooManyConnections'];

/** What pg and its pool say where they have no code. */
const driverMessages =
	/^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

/** Tells whether a request failed because the database can't be used at the moment, rather than by a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const [code, syscall] = [textOf(error, 'code'), textOf(error, 'syscall')];
	if (error.name === 'PrismaClientInitializationError' || driverMessages.test(error.message)) return true;
	if (prismaCodes.includes(code) || unavailableStates.test(code)) return true;
	if (syscall === 'connect' || syscall === 'getaddrinfo') return connectingCodes.includes(code);
	if (networkCodes.includes(code)) return true;
	const { originalCode, kind } = driverCauseOf(error);
	return unavailableStates.test(originalCode) || networkCodes.includes(originalCode) || prismaKinds.includes(kind);
}

/** What Prisma's driver adapter attaches. */
function driverCauseOf(error: Error): { originalCode: string; kind: string } {
	let found: unknown = error;
	for (const key of ['meta', 'driverAdapterError', 'cause']) found = valueOf(found, key);
	return { originalCode: textOf(found, 'originalCode'), kind: textOf(found, 'kind') };
}

const valueOf = (holder: unknown, key: string): unknown =>
	typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;

function textOf(holder: unknown, key: string): string {
	const value = valueOf(holder, key);
	return typeof value === 'string' ? value : '';
}
