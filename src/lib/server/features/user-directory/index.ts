export { createUserDirectory } from './feature.ts';
export {
	accounts,
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
