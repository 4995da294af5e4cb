-- A store of schema version 1, as NN Lab wrote it before trainings could bring observations:
-- a finished comparison, one that diverged, and one under way when the lab ended.
-- Written by that version's own code; times are shortened, folder and host are made up.
BEGIN TRANSACTION;
CREATE TABLE comparison (
	id VARCHAR(32) NOT NULL,
	owner VARCHAR(200) NOT NULL,
	body TEXT NOT NULL,
	salt VARCHAR(32) NOT NULL,
	time_limit FLOAT NOT NULL,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	PRIMARY KEY (id)
);
INSERT INTO "comparison" VALUES('29f950662afdf984','alice','{"question": "activations", "base": {"dataset": "iris", "engine": "numpy", "epochs": 3, "hidden": [8]}, "arms": [{"label": "relu", "overrides": {"activation": "relu"}}, {"label": "tanh", "overrides": {"activation": "tanh"}}], "seeds": [0, 1], "time_limit": 1800.0}','',1800.0,1795256267.914,1795256268.327);
INSERT INTO "comparison" VALUES('19b29141c7035fa9','alice','{"question": "optimizers", "base": {"dataset": "diabetes", "engine": "numpy", "epochs": 2, "hidden": [4], "learning_rate": 100.0}, "arms": [{"label": "sgd", "overrides": {"optimizer": "sgd"}}], "seeds": [0], "time_limit": 1800.0}','',1800.0,1795256269.362,1795256269.383);
INSERT INTO "comparison" VALUES('f503bf3909eb540d','bob','{"question": "activations", "base": {"dataset": "iris", "engine": "numpy", "epochs": 2, "hidden": [8]}, "arms": [{"label": "relu", "overrides": {"activation": "relu"}}, {"label": "elu", "overrides": {"activation": "elu"}}], "seeds": [0], "time_limit": 1800.0}','',1800.0,1795256271.577,1795256271.587);
CREATE TABLE lease (
	name VARCHAR(40) NOT NULL,
	holder VARCHAR(200) NOT NULL,
	host VARCHAR(200) NOT NULL,
	pid INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	beat_at FLOAT NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "lease" VALUES('start','','laptop',4711,0,1795256271.583,'{}');
INSERT INTO "lease" VALUES('coordinator','','laptop',4711,1,0.0,'{}');
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('application','NN Lab');
INSERT INTO "meta" VALUES('schema_version','1');
CREATE TABLE record (
	seq INTEGER NOT NULL,
	training_id INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (training_id, attempt, epoch),
	FOREIGN KEY(training_id) REFERENCES training (id)
);
INSERT INTO "record" VALUES(1,6,1,1,'{"epoch": 1, "loss": 1.25, "data_loss": 1.25, "accuracy": 0.25, "val_loss": 1.5, "val_data_loss": 1.5, "val_accuracy": 0.125, "seconds": 0.25}');
CREATE TABLE training (
	id INTEGER NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	config TEXT NOT NULL,
	data_folders TEXT NOT NULL,
	engine VARCHAR(40) NOT NULL,
	code VARCHAR(64) NOT NULL,
	program VARCHAR(64) NOT NULL,
	flops FLOAT NOT NULL,
	steps FLOAT NOT NULL,
	updates FLOAT NOT NULL,
	epochs INTEGER NOT NULL,
	status VARCHAR(20) NOT NULL,
	attempt INTEGER NOT NULL,
	epochs_done INTEGER NOT NULL,
	queued_at FLOAT NOT NULL,
	started_at FLOAT,
	finished_at FLOAT,
	seconds FLOAT,
	records TEXT,
	result TEXT,
	error TEXT,
	PRIMARY KEY (id),
	UNIQUE ("key")
);
INSERT INTO "training" VALUES(1,'c687e94c280aa5662516670d65e464372356cf166536ebda6c4d72e49e28699d','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "relu", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 3, "dtype": "float32", "seed": 0, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','2c489aae52b9522a2bd66b7ab63a2f8ec27a8910e7ca53821882941cfb6ca58b',93528.0,9.0,603.0,3,'done',1,3,1795256267.916,1795256268.327,1795256269.259,8.23616900015622377395e-03,'[{"epoch": 1, "loss": 1.3315095640718937, "data_loss": 1.3315095640718937, "accuracy": 0.07291666666666667, "val_loss": 1.2797122572859128, "val_data_loss": 1.2797122572859128, "val_accuracy": 0.125, "seconds": 0.006768854000256397}, {"epoch": 2, "loss": 1.3142622963835795, "data_loss": 1.3142622963835795, "accuracy": 0.08333333333333333, "val_loss": 1.2646836613615353, "val_data_loss": 1.2646836613615353, "val_accuracy": 0.125, "seconds": 0.007685311997192912}, {"epoch": 3, "loss": 1.2973767674217622, "data_loss": 1.2973767674217622, "accuracy": 0.09375, "val_loss": 1.2496455609798431, "val_data_loss": 1.2496455609798431, "val_accuracy": 0.16666666666666666, "seconds": 0.008236169000156224}]','{"best_epoch": 3, "validation": {"loss": 1.2496455609798431, "data_loss": 1.2496455609798431, "accuracy": 0.16666666666666666}, "test": {"loss": 1.2466273605823517, "data_loss": 1.2466273605823517, "accuracy": 0.06666666666666667}, "baseline": {"validation": {"accuracy": 0.3333333333333333}, "test": {"accuracy": 0.3333333333333333}, "says": "always predicts ''setosa''"}, "target_scale": 1.0, "seconds": 0.008236169000156224, "predictions": {"confusion": [[1, 0, 9], [5, 1, 4], [10, 0, 0]], "report": [{"label": "setosa", "precision": 0.0625, "recall": 0.1, "f1": 0.07692307692307693, "support": 10}, {"label": "versicolor", "precision": 1.0, "recall": 0.1, "f1": 0.18181818181818182, "support": 10}, {"label": "virginica", "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 10}, {"label": "macro average", "precision": 0.3541666666666667, "recall": 0.06666666666666667, "f1": 0.08624708624708625, "support": 30}, {"label": "weighted average", "precision": 0.3541666666666667, "recall": 0.06666666666666667, "f1": 0.08624708624708625, "support": 30}]}, "environment": {"python": "3.11.7", "numpy": "2.4.6", "scikit-learn": "1.9.1", "system": "Linux x86_64", "cpu": "AMD EPYC", "host threads": 2, "blas": "Haswell"}}',NULL);
INSERT INTO "training" VALUES(2,'25fd060bcab287fad8d45946da29e98bc18c6c54f77d496ac5b754e3449c8ea6','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "tanh", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 3, "dtype": "float32", "seed": 0, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','ae72dc1f536f2834a82cd4660218e03c02534cb9f622cf0152a469c6b8b87e90',93528.0,9.0,603.0,3,'done',1,3,1795256267.916,1795256268.331,1795256269.264,8.62281199806602671742e-03,'[{"epoch": 1, "loss": 1.5002172564466794, "data_loss": 1.5002172564466794, "accuracy": 0.09375, "val_loss": 1.4232053930560749, "val_data_loss": 1.4232053930560749, "val_accuracy": 0.20833333333333334, "seconds": 0.007196196998847881}, {"epoch": 2, "loss": 1.4774921741336584, "data_loss": 1.4774921741336584, "accuracy": 0.09375, "val_loss": 1.40362898260355, "val_data_loss": 1.40362898260355, "val_accuracy": 0.20833333333333334, "seconds": 0.008083341999736149}, {"epoch": 3, "loss": 1.4554314992080133, "data_loss": 1.4554314992080133, "accuracy": 0.10416666666666667, "val_loss": 1.3842137853304546, "val_data_loss": 1.3842137853304546, "val_accuracy": 0.20833333333333334, "seconds": 0.008622811998066027}]','{"best_epoch": 3, "validation": {"loss": 1.3842137853304546, "data_loss": 1.3842137853304546, "accuracy": 0.20833333333333334}, "test": {"loss": 1.329389460881551, "data_loss": 1.329389460881551, "accuracy": 0.13333333333333333}, "baseline": {"validation": {"accuracy": 0.3333333333333333}, "test": {"accuracy": 0.3333333333333333}, "says": "always predicts ''setosa''"}, "target_scale": 1.0, "seconds": 0.008622811998066027, "predictions": {"confusion": [[0, 1, 9], [0, 4, 6], [5, 5, 0]], "report": [{"label": "setosa", "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 10}, {"label": "versicolor", "precision": 0.4, "recall": 0.4, "f1": 0.4, "support": 10}, {"label": "virginica", "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 10}, {"label": "macro average", "precision": 0.13333333333333333, "recall": 0.13333333333333333, "f1": 0.13333333333333333, "support": 30}, {"label": "weighted average", "precision": 0.13333333333333333, "recall": 0.13333333333333333, "f1": 0.13333333333333333, "support": 30}]}, "environment": {"python": "3.11.7", "numpy": "2.4.6", "scikit-learn": "1.9.1", "system": "Linux x86_64", "cpu": "AMD EPYC", "host threads": 2, "blas": "Haswell"}}',NULL);
INSERT INTO "training" VALUES(3,'ca91bf642db59e9caf781659c2db06bcc62b99c3754b2b72ea22777e990403f8','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "relu", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 3, "dtype": "float32", "seed": 1, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','2c489aae52b9522a2bd66b7ab63a2f8ec27a8910e7ca53821882941cfb6ca58b',93528.0,9.0,603.0,3,'done',1,0,1795256267.916,1795256269.262,1795256269.272,1.2971619980817195028e-03,'[{"epoch": 1, "loss": 1.1228735446929932, "data_loss": 1.1228735446929932, "accuracy": 0.3541666666666667, "val_loss": 1.104885717233022, "val_data_loss": 1.104885717233022, "val_accuracy": 0.2916666666666667, "seconds": 0.0007411579972540494}, {"epoch": 2, "loss": 1.1090890777607758, "data_loss": 1.1090890777607758, "accuracy": 0.3854166666666667, "val_loss": 1.0925808648268382, "val_data_loss": 1.0925808648268382, "val_accuracy": 0.2916666666666667, "seconds": 0.001034542998240795}, {"epoch": 3, "loss": 1.095618521173795, "data_loss": 1.095618521173795, "accuracy": 0.4166666666666667, "val_loss": 1.0805352702736855, "val_data_loss": 1.0805352702736855, "val_accuracy": 0.3333333333333333, "seconds": 0.0012971619980817195}]','{"best_epoch": 3, "validation": {"loss": 1.0805352702736855, "data_loss": 1.0805352702736855, "accuracy": 0.3333333333333333}, "test": {"loss": 1.1200820366541544, "data_loss": 1.1200820366541544, "accuracy": 0.23333333333333334}, "baseline": {"validation": {"accuracy": 0.3333333333333333}, "test": {"accuracy": 0.3333333333333333}, "says": "always predicts ''setosa''"}, "target_scale": 1.0, "seconds": 0.0012971619980817195, "predictions": {"confusion": [[4, 6, 0], [7, 3, 0], [7, 3, 0]], "report": [{"label": "setosa", "precision": 0.2222222222222222, "recall": 0.4, "f1": 0.2857142857142857, "support": 10}, {"label": "versicolor", "precision": 0.25, "recall": 0.3, "f1": 0.2727272727272727, "support": 10}, {"label": "virginica", "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 10}, {"label": "macro average", "precision": 0.1574074074074074, "recall": 0.2333333333333333, "f1": 0.18614718614718614, "support": 30}, {"label": "weighted average", "precision": 0.1574074074074074, "recall": 0.23333333333333334, "f1": 0.18614718614718614, "support": 30}]}, "environment": {"python": "3.11.7", "numpy": "2.4.6", "scikit-learn": "1.9.1", "system": "Linux x86_64", "cpu": "AMD EPYC", "host threads": 2, "blas": "Haswell"}}',NULL);
INSERT INTO "training" VALUES(4,'e9e55037a89f9e9443c7d301248df1ce2c38d1621a8c59ba24d8c3faf5061858','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "tanh", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 3, "dtype": "float32", "seed": 1, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','ae72dc1f536f2834a82cd4660218e03c02534cb9f622cf0152a469c6b8b87e90',93528.0,9.0,603.0,3,'done',1,3,1795256267.916,1795256269.267,1795256269.280,1.27020299987634643912e-03,'[{"epoch": 1, "loss": 1.17203759526213, "data_loss": 1.17203759526213, "accuracy": 0.23958333333333334, "val_loss": 1.1773458098371823, "val_data_loss": 1.1773458098371823, "val_accuracy": 0.20833333333333334, "seconds": 0.0007297819975065067}, {"epoch": 2, "loss": 1.1529716569930315, "data_loss": 1.1529716569930315, "accuracy": 0.2604166666666667, "val_loss": 1.1595910290877025, "val_data_loss": 1.1595910290877025, "val_accuracy": 0.20833333333333334, "seconds": 0.0010161959980905522}, {"epoch": 3, "loss": 1.1349262402703364, "data_loss": 1.1349262402703364, "accuracy": 0.2604166666666667, "val_loss": 1.1421668628851573, "val_data_loss": 1.1421668628851573, "val_accuracy": 0.16666666666666666, "seconds": 0.0012702029998763464}]','{"best_epoch": 3, "validation": {"loss": 1.1421668628851573, "data_loss": 1.1421668628851573, "accuracy": 0.16666666666666666}, "test": {"loss": 1.1931797047456105, "data_loss": 1.1931797047456105, "accuracy": 0.2}, "baseline": {"validation": {"accuracy": 0.3333333333333333}, "test": {"accuracy": 0.3333333333333333}, "says": "always predicts ''setosa''"}, "target_scale": 1.0, "seconds": 0.0012702029998763464, "predictions": {"confusion": [[1, 7, 2], [5, 4, 1], [6, 3, 1]], "report": [{"label": "setosa", "precision": 0.08333333333333333, "recall": 0.1, "f1": 0.09090909090909091, "support": 10}, {"label": "versicolor", "precision": 0.2857142857142857, "recall": 0.4, "f1": 0.3333333333333333, "support": 10}, {"label": "virginica", "precision": 0.25, "recall": 0.1, "f1": 0.14285714285714285, "support": 10}, {"label": "macro average", "precision": 0.20634920634920637, "recall": 0.19999999999999998, "f1": 0.18903318903318903, "support": 30}, {"label": "weighted average", "precision": 0.20634920634920634, "recall": 0.2, "f1": 0.18903318903318903, "support": 30}]}, "environment": {"python": "3.11.7", "numpy": "2.4.6", "scikit-learn": "1.9.1", "system": "Linux x86_64", "cpu": "AMD EPYC", "host threads": 2, "blas": "Haswell"}}',NULL);
INSERT INTO "training" VALUES(5,'35f1a4c4862597ae5260587aa98472f377d174b161edff1b34647054ec18cf88','{"dataset": "diabetes", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [4], "activation": "relu", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 1, "output_activation": "linear", "loss": "mse", "optimizer": "sgd", "batch_size": 32, "epochs": 2, "dtype": "float32", "seed": 0, "learning_rate": 100.0, "momentum": 0.0, "nesterov": false}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','989fdac4392d8bffdf681459ccfe362c6bbf87e5b1525cf140bfbc0a9216659f',122622.0,18.0,882.0,2,'diverged',1,0,1795256269.362,1795256269.383,1795256269.390,7.54248001612722873687e-04,'[{"epoch": 1, "loss": null, "data_loss": null, "mae": null, "val_loss": null, "val_data_loss": null, "val_mae": null, "seconds": 0.0007542480016127229}]','{"best_epoch": null, "validation": {"loss": null, "data_loss": null, "mae": null, "r2": null}, "test": {"loss": null, "data_loss": null, "mae": null, "r2": null}, "baseline": {"validation": {"mae": 0.8309493482233461, "r2": -0.011609999925534353}, "test": {"mae": 0.8939036558934281, "r2": -1.1903224144127478e-06}, "says": "always predicts the mean of the training part"}, "target_scale": 75.47284874603687, "seconds": 0.0007542480016127229, "environment": {"python": "3.11.7", "numpy": "2.4.6", "scikit-learn": "1.9.1", "system": "Linux x86_64", "cpu": "AMD EPYC", "host threads": 2, "blas": "Haswell"}}',NULL);
INSERT INTO "training" VALUES(6,'5e59853b5294850a56f529a621ca72e63cc556510f4a87dd64a9d1df7e819b6f','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "relu", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 2, "dtype": "float32", "seed": 0, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','2c489aae52b9522a2bd66b7ab63a2f8ec27a8910e7ca53821882941cfb6ca58b',62352.0,6.0,402.0,2,'running',1,1,1795256271.578,1795256271.587,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "training" VALUES(7,'89b3a5233756a8beb92aeadd7744ca970c1eddc980c984574dee829f9a25e744','{"dataset": "iris", "variant": "full", "split": "stratified:0.2", "preprocess": "auto", "engine": "numpy", "model": "mlp", "hidden": [8], "activation": "elu", "initializer": "glorot_uniform", "batch_norm": false, "batch_norm_momentum": 0.99, "dropout": 0.0, "l1": 0.0, "l2": 0.0, "output_units": 3, "output_activation": "softmax", "loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 32, "epochs": 2, "dtype": "float32", "seed": 0, "alpha": 1.0, "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}','["/home/alice/nnlab/data"]','numpy','b78355457f19969be45fcf54a68e07a9132a7ed5f683811a68f26cfa6a468525','8b06f2b269698cce483fb1583eb8768ad9344a07a6c3003a5e9b6bc29c949d6c',62352.0,6.0,402.0,2,'queued',0,0,1795256271.578,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE wanted (
	comparison_id VARCHAR(32) NOT NULL,
	ordinal INTEGER NOT NULL,
	training_id INTEGER NOT NULL,
	arm TEXT NOT NULL,
	seed INTEGER NOT NULL,
	round INTEGER NOT NULL,
	cached INTEGER NOT NULL,
	dropped TEXT,
	PRIMARY KEY (comparison_id, ordinal),
	FOREIGN KEY(comparison_id) REFERENCES comparison (id),
	FOREIGN KEY(training_id) REFERENCES training (id)
);
INSERT INTO "wanted" VALUES('29f950662afdf984',0,1,'relu',0,0,0,NULL);
INSERT INTO "wanted" VALUES('29f950662afdf984',1,2,'tanh',0,0,0,NULL);
INSERT INTO "wanted" VALUES('29f950662afdf984',2,3,'relu',1,1,0,NULL);
INSERT INTO "wanted" VALUES('29f950662afdf984',3,4,'tanh',1,1,0,NULL);
INSERT INTO "wanted" VALUES('19b29141c7035fa9',0,5,'sgd',0,0,0,NULL);
INSERT INTO "wanted" VALUES('f503bf3909eb540d',0,6,'relu',0,0,0,NULL);
INSERT INTO "wanted" VALUES('f503bf3909eb540d',1,7,'elu',0,0,0,NULL);
CREATE INDEX training_engine ON training (engine, finished_at);
CREATE INDEX training_status ON training (status);
CREATE INDEX wanted_training ON wanted (training_id);
COMMIT;
