/** What the operating system says about a file, in words that a user can act on. */
import { UserError } from '../base/errors.ts';

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder: check the path',
  ENOTDIR: 'no such file: part of the path is a file, not a folder',
  EACCES: 'permission denied: check who may read or write it',
  EPERM: 'permission denied: check who may read or write it',
  EISDIR: 'is a folder, a file was expected',
  EEXIST: 'is there already, and no folder',
  EMFILE: 'cannot be opened: too many files are open (`ulimit -n`)',
  ENOSPC: 'the disk is full: make room, or write elsewhere',
  EDQUOT: 'the disk quota is used up: make room, or write elsewhere',
  EFBIG: 'may not grow any further (a limit of the file system, or `ulimit -f`)',
  EROFS: 'the file system is read-only: write elsewhere',
  EIO: 'the disk reports an error',
  Z_BUF_ERROR: 'the gzip data ends too early: the file is cut off, copy or download it again',
  Z_DATA_ERROR: 'the gzip data is damaged: copy or download the file again',
};

/** @returns a UserError for what a user can mend, anything else as it was */
export function fileError(error: unknown, name: string): unknown {
  const message = FILE_ERRORS[errorCode(error) ?? ''];
  return message === undefined ? error : new UserError([{ at: name, path: null, message }]);
}

export function errorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
