/** A path that another framework has cut off. Begins with one slash only: put in front of a redirect, two would name another host. */
export const MOUNT_PATH: RegExp = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/;
