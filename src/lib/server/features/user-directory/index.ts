export { createUserDirectory } from './feature.ts';
export {
	userRows,
	canSignIn,
	canSignInByPassword,
	buildUserCondition,
	isActiveAdmin,
	isLinked,
	isLinkedTo,
	mustChangePassword,
	type SignInWays
} from './user-filter.sql.ts';
export { type UserDirectoryRepositories, userDirectoryRepositories } from './repositories.ts';
