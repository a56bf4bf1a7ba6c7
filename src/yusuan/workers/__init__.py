"""Work that may hang, crash or eat the machine, in processes with limits that can be killed."""
