import ts from 'typescript';
import { parseSource } from './source-files.ts';

/** Errors of the language, which stand for faults of ours and are documented only where callers handle them. */
const builtIn = /^(Error|TypeError|RangeError|AggregateError)$/;

/**
 * Lists the exported functions and public methods of a file that throw one of our errors without an `@throws` in their
 * docstring.
 */
export function undocumentedThrows(file: string): string[] {
	return exportedFunctionsOf(parseSource(file))
		.filter(({ node, documented }) => throwsOurs(node) && !hasThrowsTag(documented))
		.map(({ name }) => name);
}

interface ExportedFunction {
	readonly name: string;
	readonly node: ts.Node;
	/** Where the docstring is. */
	readonly documented: ts.Node;
}

function exportedFunctionsOf(source: ts.SourceFile): ExportedFunction[] {
	return source.statements.filter(isExported).flatMap((statement): ExportedFunction[] => {
		if (ts.isFunctionDeclaration(statement))
			return [{ name: statement.name?.text ?? 'default', node: statement, documented: statement }];
		if (ts.isVariableStatement(statement))
			return statement.declarationList.declarations
				.filter(({ initializer }) => initializer && ts.isArrowFunction(initializer))
				.map((declaration) => ({ name: declaration.name.getText(), node: declaration, documented: statement }));
		if (!ts.isClassDeclaration(statement)) return [];
		return statement.members
			.filter((member) => ts.isMethodDeclaration(member) && !ts.isPrivateIdentifier(member.name))
			.map((member) => ({
				name: `${statement.name?.text ?? 'default'}.${member.name?.getText() ?? ''}`,
				node: member,
				documented: member
			}));
	});
}

const isExported = (node: ts.Statement): boolean =>
	ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const hasThrowsTag = (node: ts.Node): boolean => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'throws');

/** Errors caught elsewhere and thrown again don't count. */
function throwsOurs(node: ts.Node): boolean {
	if (ts.isThrowStatement(node)) {
		const { expression } = node;
		if (ts.isNewExpression(expression)) return !builtIn.test(expression.expression.getText());
		return ts.isCallExpression(expression);
	}
	return ts.forEachChild(node, (child) => throwsOurs(child) || undefined) ?? false;
}
