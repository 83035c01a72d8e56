import { killed } from "../e2e/killedSupernet.js";

killed("spos", "epochs=3,population=3,generations=2,trust=1");
killed("proxyless", "epochs=3,warm-up=1");
killed("single-path", "epochs=3,warm-up=1");
killed("sandwich", "epochs=2,population=3,generations=2");
