/** Why requests fail by the generator's fault, which says nothing about the table: EADDRNOTAVAIL, and EMFILE. */
export const OUT_OF_PORTS = 'the pods are out of local ports';
export const OUT_OF_FILES = 'out of file descriptors: raise the limit of open files';
